// Client and Call: one RPC to another service, awaited.
//
//   rpc::Client<pb::KeyVault> keyvault_{host.peers(), "keyvault", config.Text("keyvault")};
//
//   const rpc::CallOptions options(absl::Seconds(5), call_id.text(), tenant_id.text());
//   absl::StatusOr<pb::PutKeyResponse> saved =
//       co_await rpc::Call(keyvault_, &pb::KeyVault::Stub::PrepareAsyncPutKey, request, options);
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/async_unary_call.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/task.h"
#include "lib/rpc/call_context.h"
#include "lib/rpc/completion.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/peers.h"

namespace latchkey::rpc {

// How long a call may take, and what it is about (for the other side's log).
struct CallOptions {
  explicit CallOptions(absl::Duration call_deadline, std::string about_call_id = "",
                       std::string about_tenant_id = "")
      : deadline(call_deadline),
        call_id(std::move(about_call_id)),
        tenant_id(std::move(about_tenant_id)) {}

  // For a call made while serving another: `limit`, but no longer than the caller waits.
  static CallOptions Within(const CallContext& context, absl::Duration limit);

  // Sets `context` up accordingly.
  void Apply(grpc::ClientContext& context) const;

  absl::Duration deadline;
  std::string call_id;
  std::string tenant_id;
  // Waits, within the deadline, for a server that is not up yet, instead of kUnavailable at once.
  bool wait_for_ready = false;
};

// A stub and its channel, the newest one. Cheap to use from any io thread; the answer comes back on
// the thread that awaits it.
template <typename Service>
class Client {
 public:
  using Stub = typename Service::Stub;

  // `expected` and `address` as in Peers::Connect.
  Client(Peers& peers, std::string_view expected, std::string_view address)
      : queue_(peers.queue()), stub_(std::make_shared<Current>()) {
    peers.Follow(expected, address, stub_, [stub = stub_.get()](const auto& channel) {
      stub->store(std::shared_ptr<Stub>(Service::NewStub(channel)));
    });
  }

  // Shared with the calls that begin while the certificate is renewed; a call that has begun keeps
  // its channel alive.
  std::shared_ptr<Stub> stub() const { return stub_->load(); }
  grpc::CompletionQueue* queue() { return queue_; }

 private:
  using Current = std::atomic<std::shared_ptr<Stub>>;

  grpc::CompletionQueue* queue_;
  std::shared_ptr<Current> stub_;  // Shared with a renewal that runs on another thread.
};

// Makes a unary call. Errors are the server's own (FromGrpc); cancelling the awaiting coroutine
// cancels the call, which then ends with kCancelled. `client` and `request` outlive the await.
template <typename Service, typename Stub, typename Request, typename Response>
Task<absl::StatusOr<Response>> Call(Client<Service>& client,
                                    std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (
                                        Stub::*prepare)(grpc::ClientContext*, const Request&,
                                                        grpc::CompletionQueue*),
                                    const Request& request, const CallOptions& options) {
  grpc::ClientContext context;
  options.Apply(context);
  Response response;
  grpc::Status status;
  auto reader = ((*client.stub()).*prepare)(&context, request, client.queue());
  reader->StartCall();
  co_await Complete([&](void* tag) { reader->Finish(&response, &status, tag); },
                    [&] { context.TryCancel(); });
  if (!status.ok()) co_return FromGrpc(status);
  co_return response;
}

}  // namespace latchkey::rpc
