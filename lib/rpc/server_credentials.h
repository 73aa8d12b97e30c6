// ServerTls: a gRPC server's certificate, which may be replaced while it serves.
#pragma once

#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "lib/rpc/authorizer.h"
#include "lib/rpc/tls.h"

namespace latchkey::rpc {

// Requires and verifies a client certificate, and asks the authorizer before every call. gRPC asks
// for the certificate at each handshake: the C++ API has no such credentials, the C API below it
// has. Outlives the server that it is given to.
class ServerTls final : public grpc::ServerCredentials {
 public:
  ServerTls(TlsIdentity identity, std::unique_ptr<Authorizer> authorizer);
  ~ServerTls() override;
  ServerTls(const ServerTls&) = delete;
  ServerTls& operator=(const ServerTls&) = delete;

  // New connections are made with it; the old ones go on with the one before. From any thread.
  void Renew(TlsIdentity identity);

  // Check()s: the authorizer is given at construction.
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& processor) override;

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override;
  // On gRPC's threads, one at a time.
  static grpc_ssl_certificate_config_reload_status Fetch(void* self,
                                                         grpc_ssl_server_certificate_config** next);
  // On gRPC's threads, for every call.
  static void Authorize(void* self, grpc_auth_context* context, const grpc_metadata* metadata,
                        size_t count, grpc_process_auth_metadata_done_cb done, void* call);

  const std::unique_ptr<Authorizer> authorizer_;
  std::mutex mutex_;  // One handshake or renewal at a time.
  TlsIdentity identity_;
  bool renewed_ = true;  // Since the last fetch.
  grpc_server_credentials* const credentials_;
};

}  // namespace latchkey::rpc
