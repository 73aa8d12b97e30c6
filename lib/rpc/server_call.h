// ServerCall: one RPC on the server, from waiting for it to its last byte.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <boost/asio/cancellation_signal.hpp>
#include <exception>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/task.h"
#include "lib/rpc/call_context.h"
#include "lib/rpc/completion.h"
#include "lib/rpc/service_binding.h"

namespace latchkey::rpc {

// Owns itself: Listen() waits for a client; when one comes, another call takes its place, and the
// handler runs as a coroutine on the io thread. It deletes itself when the handler has returned,
// gRPC has sent the status, and gRPC has said that the RPC is over, in whatever order these come.
class ServerCall {
 public:
  explicit ServerCall(Method& method);
  virtual ~ServerCall();
  ServerCall(const ServerCall&) = delete;
  ServerCall& operator=(const ServerCall&) = delete;

  void Listen();

 protected:
  // Asks gRPC for the next RPC of this method.
  virtual void Wait(void* tag) = 0;
  virtual Task<absl::Status> Handle(const CallContext& context) = 0;
  virtual void Finish(const grpc::Status& status, void* tag) = 0;

  grpc::ServerCompletionQueue* queue() { return method_.queue; }
  grpc::ServerContext context_;

 private:
  // Posts an event to a member function on the io thread.
  class Event final : public Tag {
   public:
    Event(ServerCall* call, void (ServerCall::*member)(bool)) : call_(call), member_(member) {}
    void OnEvent(bool ok) override;

   private:
    ServerCall* const call_;
    void (ServerCall::*const member_)(bool);
  };

  void OnArrived(bool ok);
  void OnOver(bool ok);      // The RPC is over: answered, cancelled by the client, or too late.
  void OnFinished(bool ok);  // The status is sent, or cannot be.
  void OnHandled(std::exception_ptr thrown, absl::Status status);
  absl::Status Accept();
  void DeleteIfDone();
  void Report(const absl::Status& status) const;

  Method& method_;
  Event arrived_{this, &ServerCall::OnArrived};
  Event over_{this, &ServerCall::OnOver};
  Event finished_{this, &ServerCall::OnFinished};
  std::optional<CallContext> call_context_;
  boost::asio::cancellation_signal cancel_;
  absl::Time start_;
  bool handling_ = false;
  bool admitted_ = false;  // Counts against the method's limit.
  bool is_over_ = false;
  bool is_finished_ = false;
};

}  // namespace latchkey::rpc
