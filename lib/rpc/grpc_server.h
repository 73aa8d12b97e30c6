// GrpcServer: gRPC's server with our limits, credentials and standard services; a Host has one.
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/rpc/poller.h"
#include "lib/rpc/service_binding.h"
#include "lib/rpc/tls.h"

namespace latchkey::rpc {

class GrpcServer {
 public:
  // Binds `listen` and begins to take calls for `services`. kFailedPrecondition `cannot_start`.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const std::string& listen, int max_receive_bytes, const TlsIdentity& tls,
      std::span<const std::unique_ptr<ServiceBinding>> services);

  int port() const { return port_; }
  // What the standard health service answers, for the server and each of its services.
  void SetServing(bool serving);

  // Refuses new calls, waits for running ones, and cancels them at `deadline`. Blocks; not on the
  // io thread, which has to serve them meanwhile. Destroy the server when every call has ended.
  void Shutdown(absl::Time deadline);

 private:
  GrpcServer() = default;

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Poller> poller_;  // Goes before the server.
};

}  // namespace latchkey::rpc
