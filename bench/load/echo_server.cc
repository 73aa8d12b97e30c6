#include "bench/load/echo_server.h"

#include <grpcpp/server_builder.h>

#include <cstdlib>
#include <memory>

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/check.h"
#include "tests/support/pki.h"

namespace latchkey::bench {
namespace {

using Service = keyvault::v1::KeyVault::AsyncService;

constexpr int kWaiting = 64;

// One call: waits for its request, answers, and goes.
class EchoCall {
 public:
  EchoCall(Service& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue) {
    service_.RequestLeaseKeys(&context_, &request_, &writer_, &queue_, &queue_, this);
  }

  void OnEvent(bool ok) {
    if (!ok || answered_) {
      delete this;
      return;
    }
    new EchoCall(service_, queue_);
    answered_ = true;
    response_.add_keys()->add_fields()->set_sealed(request_.ticket().ticket());
    writer_.Finish(response_, grpc::Status::OK, this);
  }

 private:
  Service& service_;
  grpc::ServerCompletionQueue& queue_;
  grpc::ServerContext context_;
  keyvault::v1::LeaseKeysRequest request_;
  keyvault::v1::LeaseKeysResponse response_;
  grpc::ServerAsyncResponseWriter<keyvault::v1::LeaseKeysResponse> writer_{&context_};
  bool answered_ = false;
};

}  // namespace

void ServeEcho(const std::string& address, const std::string& tls_folder) {
  const rpc::TlsFiles files{tls_folder + "/keyvault.pem", tls_folder + "/keyvault.key",
                            tls_folder + "/ca.pem"};
  Service service;
  const rpc::TlsIdentity identity = Loaded(files);
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = identity.ca_pem;
  tls.pem_key_cert_pairs.push_back({identity.key_pem, identity.cert_pem});
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::SslServerCredentials(tls));
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  Check(server != nullptr, "an address to echo at");
  for (int i = 0; i < kWaiting; ++i) new EchoCall(service, *queue);
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<EchoCall*>(tag)->OnEvent(ok);
  Check(false, "the queue of a server that is never shut down does not end");
  std::abort();
}

}  // namespace latchkey::bench
