// The three shapes of a server's call, typed: unary, server stream, bidirectional stream.
#pragma once

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "lib/base/error.h"
#include "lib/rpc/server_call.h"
#include "lib/rpc/stream.h"

namespace latchkey::rpc {

// What the shapes share. WaitMember is &AsyncService::RequestX; HandleMember the adapter's method.
template <typename AsyncService, typename WaitMember, typename Adapter, typename HandleMember>
struct Binding {
  AsyncService& service;
  WaitMember wait;
  Adapter& adapter;
  HandleMember handle;
};

inline absl::Status ClientGone() {
  return Error(absl::StatusCode::kCancelled, "cancelled", "The client is gone.");
}

template <typename Binding, typename Request, typename Response>
class UnaryCall final : public ServerCall {
 public:
  UnaryCall(Method& method, const Binding& binding) : ServerCall(method), binding_(binding) {}

 private:
  void Wait(void* tag) override {
    (binding_.service.*binding_.wait)(&context_, &request_, &writer_, queue(), queue(), tag);
  }
  Task<absl::Status> Handle(const CallContext& context) override {
    return (binding_.adapter.*binding_.handle)(context, request_, response_);
  }
  void Finish(const grpc::Status& status, void* tag) override {
    if (status.ok()) {
      writer_.Finish(response_, status, tag);
    } else {
      writer_.FinishWithError(status, tag);
    }
  }

  const Binding binding_;
  Request request_;
  Response response_;
  grpc::ServerAsyncResponseWriter<Response> writer_{&context_};
};

template <typename Binding, typename Request, typename Response>
class ServerStreamCall final : public ServerCall, private Writer<Response> {
 public:
  ServerStreamCall(Method& method, const Binding& binding)
      : ServerCall(method), binding_(binding) {}

 private:
  void Wait(void* tag) override {
    (binding_.service.*binding_.wait)(&context_, &request_, &writer_, queue(), queue(), tag);
  }
  Task<absl::Status> Handle(const CallContext& context) override {
    return (binding_.adapter.*binding_.handle)(context, request_, *this);
  }
  void Finish(const grpc::Status& status, void* tag) override { writer_.Finish(status, tag); }

  Task<absl::Status> Write(const Response& response) override {
    const bool written =
        co_await Complete([this, &response](void* tag) { writer_.Write(response, tag); });
    if (!written) co_return ClientGone();
    co_return absl::OkStatus();
  }

  const Binding binding_;
  Request request_;
  grpc::ServerAsyncWriter<Response> writer_{&context_};
};

template <typename Binding, typename Request, typename Response>
class BidiCall final : public ServerCall, private ReaderWriter<Request, Response> {
 public:
  BidiCall(Method& method, const Binding& binding) : ServerCall(method), binding_(binding) {}

 private:
  void Wait(void* tag) override {
    (binding_.service.*binding_.wait)(&context_, &stream_, queue(), queue(), tag);
  }
  Task<absl::Status> Handle(const CallContext& context) override {
    return (binding_.adapter.*binding_.handle)(context, *this);
  }
  void Finish(const grpc::Status& status, void* tag) override { stream_.Finish(status, tag); }

  Task<std::optional<Request>> Read() override {
    Request request;
    const bool read =
        co_await Complete([this, &request](void* tag) { stream_.Read(&request, tag); });
    if (!read) co_return std::nullopt;
    co_return std::optional<Request>(std::move(request));
  }
  Task<absl::Status> Write(const Response& response) override {
    const bool written =
        co_await Complete([this, &response](void* tag) { stream_.Write(response, tag); });
    if (!written) co_return ClientGone();
    co_return absl::OkStatus();
  }

  const Binding binding_;
  grpc::ServerAsyncReaderWriter<Response, Request> stream_{&context_};
};

}  // namespace latchkey::rpc
