// GrpcServer: gRPC's server with our limits, credentials and standard services; a Host has one.
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/rpc/poller.h"
#include "lib/rpc/server_credentials.h"
#include "lib/rpc/service_binding.h"
#include "lib/rpc/tls.h"

namespace latchkey::rpc {

struct GrpcServerOptions {
  std::string listen;
  int max_receive_bytes = 0;
  // A connection is told to go after its age, give or take a tenth; its calls get the grace.
  absl::Duration connection_age;
  absl::Duration connection_grace;
};

class GrpcServer {
 public:
  // Binds and begins to take calls for `services`. kFailedPrecondition `cannot_start`.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const GrpcServerOptions& options, const TlsIdentity& tls,
      std::span<const std::unique_ptr<ServiceBinding>> services);

  int port() const { return port_; }
  // What the standard health service answers, for the server and each of its services.
  void SetServing(bool serving);
  // New connections are made with it.
  void Renew(const TlsIdentity& tls) { tls_->Renew(tls); }

  // Refuses new calls, waits for running ones, and cancels them at `deadline`. Blocks; not on the
  // io thread, which has to serve them meanwhile. Destroy the server when every call has ended.
  void Shutdown(absl::Time deadline);

 private:
  GrpcServer() = default;

  int port_ = 0;
  std::shared_ptr<ServerTls> tls_;  // Shared with gRPC's builder alone; outlives the server.
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Poller> poller_;  // Goes before the server.
};

}  // namespace latchkey::rpc
