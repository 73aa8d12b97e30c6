#include "lib/rpc/grpc_server.h"

#include <fmt/format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>

#include <mutex>
#include <utility>
#include <vector>

#include "grpc/health/v1/health.pb.h"
#include "lib/base/error.h"
#include "lib/rpc/authorizer.h"

namespace latchkey::rpc {
namespace {

absl::Status CannotStart(std::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, "cannot_start", why);
}

// gRPC's switches for health and reflection are process-wide and come before the first builder.
void EnableStandardServices() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    // The health service itself needs no descriptor; reflection can only show what is linked in.
    grpc::health::v1::HealthCheckRequest::descriptor();
  });
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void SetLimits(grpc::ServerBuilder& builder, const GrpcServerOptions& options) {
  builder.SetMaxReceiveMessageSize(options.max_receive_bytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // Two processes never share a port.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 4096);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(options.connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             Milliseconds(options.connection_grace));
  // Our clients ping every 30 s, also without calls (peers.cc).
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Reflection is the one synchronous service: one thread is enough for it.
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
}

absl::StatusOr<std::shared_ptr<ServerTls>> Credentials(
    const TlsIdentity& tls, std::span<const std::unique_ptr<ServiceBinding>> services) {
  std::vector<const google::protobuf::ServiceDescriptor*> descriptors;
  for (const auto& service : services) {
    absl::Status complete = service->CheckComplete();
    if (!complete.ok()) return complete;
    descriptors.push_back(service->descriptor());
  }
  absl::StatusOr<CallerTable> table = MakeCallerTable(descriptors);
  if (!table.ok()) return table.status();
  return std::make_shared<ServerTls>(tls, std::make_unique<Authorizer>(*std::move(table)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const GrpcServerOptions& options, const TlsIdentity& tls,
    std::span<const std::unique_ptr<ServiceBinding>> services) {
  EnableStandardServices();
  absl::StatusOr<std::shared_ptr<ServerTls>> credentials = Credentials(tls, services);
  if (!credentials.ok()) return credentials.status();
  std::unique_ptr<GrpcServer> self(new GrpcServer);
  self->tls_ = *std::move(credentials);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.listen, self->tls_, &self->port_);
  SetLimits(builder, options);
  for (const auto& service : services) builder.RegisterService(service->service());
  std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  grpc::ServerCompletionQueue* const calls = queue.get();
  self->server_ = builder.BuildAndStart();
  self->poller_ = std::make_unique<Poller>(std::move(queue), "rpc-server");
  if (self->server_ == nullptr || self->port_ == 0) {
    return CannotStart(
        fmt::format("The address {} cannot be listened on; it is in use, or not of this machine.",
                    options.listen));
  }
  self->SetServing(false);
  for (const auto& service : services) service->Listen(calls);
  return self;
}

void GrpcServer::SetServing(bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(serving);
}

void GrpcServer::Shutdown(absl::Time deadline) { server_->Shutdown(absl::ToChronoTime(deadline)); }

}  // namespace latchkey::rpc
