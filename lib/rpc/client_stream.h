// ServerStream and BidiStream: the client's end of a stream.
//
//   rpc::ServerStream<pb::WatchCallResponse> events(
//       orchestrator_, &pb::Orchestrator::Stub::PrepareAsyncWatchCall, request, options);
//   while (true) {
//     absl::StatusOr<std::optional<pb::WatchCallResponse>> event = co_await events.Read();
//     if (!event.ok()) co_return event.status();
//     if (!event->has_value()) break;  // The server ended it with OK.
//     …
//   }
//
// A stream belongs to one coroutine: one operation at a time, on one io thread. Destroying it
// before its end cancels the call. Cancelling the coroutine cancels the call, and the operation
// that was awaited returns kCancelled.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/async_stream.h>

#include <boost/asio/this_coro.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "lib/base/deadline.h"
#include "lib/base/task.h"
#include "lib/rpc/client.h"
#include "lib/rpc/completion.h"
#include "lib/rpc/grpc_status.h"

namespace latchkey::rpc {

// What both kinds do. Stream is grpc::ClientAsyncReader<…> or grpc::ClientAsyncReaderWriter<…>.
template <typename Stream, typename Response>
class ClientStream {
 public:
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  // The next message; nullopt when the server ended the stream with OK; else the call's error.
  Task<absl::StatusOr<std::optional<Response>>> Read() {
    co_await Open();
    Response response;
    const bool read = co_await Complete(
        [this, &response](void* tag) { stream_->Read(&response, tag); }, Canceller());
    if (read) co_return std::optional<Response>(std::move(response));
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) co_return CancelledError();
    absl::Status end = co_await Finish();
    if (!end.ok()) co_return end;
    co_return std::optional<Response>();
  }

 protected:
  explicit ClientStream(const CallOptions& options) { options.Apply(context_); }
  ~ClientStream() = default;

  // Starts the call, once. A call that cannot start says why in Finish().
  Task<void> Open() {
    if (open_) co_return;
    open_ = true;
    co_await Complete([this](void* tag) { stream_->StartCall(tag); }, Canceller());
  }

  // The call's status, once it has ended.
  Task<absl::Status> Finish() {
    if (!end_.has_value()) {
      grpc::Status status;
      co_await Complete([this, &status](void* tag) { stream_->Finish(&status, tag); }, Canceller());
      end_ = FromGrpc(status);
    }
    co_return *end_;
  }

  std::function<void()> Canceller() {
    return [this] { context_.TryCancel(); };
  }

  grpc::ClientContext context_;
  std::unique_ptr<Stream> stream_;

 private:
  bool open_ = false;
  std::optional<absl::Status> end_;
};

template <typename Response>
class ServerStream final : public ClientStream<grpc::ClientAsyncReader<Response>, Response> {
 public:
  template <typename Service, typename Stub, typename Request>
  ServerStream(Client<Service>& client,
               std::unique_ptr<grpc::ClientAsyncReader<Response>> (Stub::*prepare)(
                   grpc::ClientContext*, const Request&, grpc::CompletionQueue*),
               const Request& request, const CallOptions& options)
      : ServerStream::ClientStream(options) {
    this->stream_ = ((*client.stub()).*prepare)(&this->context_, request, client.queue());
  }
};

template <typename Request, typename Response>
class BidiStream final
    : public ClientStream<grpc::ClientAsyncReaderWriter<Request, Response>, Response> {
 public:
  template <typename Service, typename Stub>
  BidiStream(Client<Service>& client,
             std::unique_ptr<grpc::ClientAsyncReaderWriter<Request, Response>> (Stub::*prepare)(
                 grpc::ClientContext*, grpc::CompletionQueue*),
             const CallOptions& options)
      : BidiStream::ClientStream(options) {
    this->stream_ = ((*client.stub()).*prepare)(&this->context_, client.queue());
  }

  // Sends one message. An error is the call's: it has ended.
  Task<absl::Status> Write(const Request& request) {
    co_await this->Open();
    const bool written = co_await Complete(
        [this, &request](void* tag) { this->stream_->Write(request, tag); }, this->Canceller());
    if (written) co_return absl::OkStatus();
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) co_return CancelledError();
    absl::Status end = co_await this->Finish();
    if (!end.ok()) co_return end;
    co_return CancelledError();  // The server said OK before it read this message.
  }

  // Says that no further message will be sent.
  Task<void> WritesDone() {
    co_await this->Open();
    co_await Complete([this](void* tag) { this->stream_->WritesDone(tag); }, this->Canceller());
  }
};

}  // namespace latchkey::rpc
