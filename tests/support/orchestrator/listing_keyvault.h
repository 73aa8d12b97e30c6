// ListingKeyvault: a keyvault over mTLS that answers ListKeys, one key a page, and nothing else.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/rpc/tls.h"
#include "tests/support/pki.h"

namespace latchkey::orchestrator {

namespace kv = ::latchkey::keyvault::v1;

// Lives on gRPC's own threads.
class ListingKeyvault final : public kv::KeyVault::Service {
 public:
  explicit ListingKeyvault(Pki& pki) {
    grpc::ServerBuilder builder;
    const rpc::TlsIdentity identity = Loaded(pki.ForService("keyvault"));
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = identity.ca_pem;
    tls.pem_key_cert_pairs.push_back({identity.key_pem, identity.cert_pem});
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  grpc::Status ListKeys(grpc::ServerContext*, const kv::ListKeysRequest* request,
                        kv::ListKeysResponse* response) override {
    const std::lock_guard lock(mutex_);
    const size_t place = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    if (place < keys_.size()) *response->add_keys() = keys_[place];
    if (place + 1 < keys_.size()) response->set_next_page_token(std::to_string(place + 1));
    return grpc::Status::OK;
  }

  void Save(type::v1::Provider provider, kv::KeyStatus status, std::string number_id = "") {
    const std::lock_guard lock(mutex_);
    kv::Key& key = keys_.emplace_back();
    key.set_provider(provider);
    key.set_status(status);
    key.set_preview("...1234");
    key.mutable_scope()->set_number_id(std::move(number_id));
    key.mutable_validate_time()->set_seconds(1'790'000'000);
  }

  void Stop() { server_->Shutdown(); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  std::mutex mutex_;  // gRPC's threads against the test's.
  std::vector<kv::Key> keys_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace latchkey::orchestrator
