// RevocationWatch: a media instance's watch of its revocations, as a test follows it.
#pragma once

#include <grpcpp/client_context.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/rpc/client.h"

namespace latchkey::keyvault {

// One stream. It blocks; its own deadline of a minute bounds it. The client outlives it.
class RevocationWatch {
 public:
  RevocationWatch(rpc::Client<v1::KeyVault>& client, int64_t cursor) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
    v1::WatchRevocationsRequest request;
    request.set_cursor(cursor);
    reader_ = client.stub()->WatchRevocations(&context_, request);
  }
  ~RevocationWatch() {
    Cut();
    const grpc::Status ended = reader_->Finish();
    static_cast<void>(ended);  // Cancelled, as a rule.
  }

  // The next message; nothing when the stream has ended.
  std::optional<v1::WatchRevocationsResponse> Next() {
    v1::WatchRevocationsResponse message;
    if (!reader_->Read(&message)) return std::nullopt;
    return message;
  }
  void Cut() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchRevocationsResponse>> reader_;
};

}  // namespace latchkey::keyvault
