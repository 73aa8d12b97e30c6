#include "services/orchestrator/wiring.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/base/error.h"
#include "lib/base/log.h"

namespace latchkey::orchestrator {
namespace {

pg::PoolOptions PoolFor(const Config& config) {
  pg::PoolOptions options;
  options.conninfo = config.Text("pg");
  options.schema = "orchestrator";
  return options;
}

http::TlsContext ToolTls(const Config& config) {
  absl::StatusOr<http::TlsContext> tls = http::TlsContext::ForClient(config.Text("tool-ca"));
  if (tls.ok()) return *std::move(tls);
  std::fputs((Message(tls.status()) + "\n").c_str(), stderr);
  std::exit(2);
}

GuardedClient::Options ToolClientOptions(const Config& config) {
  const bool allow_loopback = config.Bool("tool-allow-loopback");
  if (allow_loopback) {
    log::Warn("tools may reach this machine itself: --tool-allow-loopback is for development");
  }
  return {.allow_loopback = allow_loopback};
}

}  // namespace

Service::Service(const Config& config, rpc::Host& host)
    : pool_(host.io().get_executor(), PoolFor(config)),
      keys_(host.peers(), config.Text("keyvault")),
      recordings_(config.Text("recordings")),
      signer_(host.peers(), config.Text("keyvault")),
      tool_client_(host.io().get_executor(), ToolTls(config), ToolClientOptions(config)),
      event_retention_(tenant_event_store_, clock_, config.Duration("event-retention")),
      loops_(host.io().get_executor()) {
  using Methods = v1::Orchestrator::AsyncService;
  host.Serve<v1::Orchestrator>(grpc_)
      .Unary(&Methods::RequestCreateTenant, &GrpcService::CreateTenant)
      .Unary(&Methods::RequestUpdateTenant, &GrpcService::UpdateTenant)
      .Unary(&Methods::RequestCreateApiKey, &GrpcService::CreateApiKey)
      .Unary(&Methods::RequestRevokeApiKey, &GrpcService::RevokeApiKey)
      .Unary(&Methods::RequestAuthenticate, &GrpcService::Authenticate)
      .Unary(&Methods::RequestGetOnboarding, &GrpcService::GetOnboarding)
      .Unary(&Methods::RequestSetMode, &GrpcService::SetMode)
      .Unary(&Methods::RequestCompleteOnboarding, &GrpcService::CompleteOnboarding)
      .Unary(&Methods::RequestAppendCallEvents, &GrpcService::AppendCallEvents)
      .ServerStream(&Methods::RequestWatchCall, &GrpcService::WatchCall)
      .Unary(&Methods::RequestGetTranscript, &GrpcService::GetTranscript)
      .ServerStream(&Methods::RequestReadRecording, &GrpcService::ReadRecording)
      .With(grpc_tools_)
      .Unary(&Methods::RequestRunTool, &GrpcTools::RunTool)
      .With(grpc_numbers_)
      .Unary(&Methods::RequestCreateNumber, &GrpcNumbers::CreateNumber)
      .Unary(&Methods::RequestUpdateNumber, &GrpcNumbers::UpdateNumber)
      .Unary(&Methods::RequestGetNumber, &GrpcNumbers::GetNumber)
      .Unary(&Methods::RequestListNumbers, &GrpcNumbers::ListNumbers)
      .Unary(&Methods::RequestFindNumber, &GrpcNumbers::FindNumber)
      .Unary(&Methods::RequestAdmitNumberKeys, &GrpcNumbers::AdmitNumberKeys)
      .With(grpc_events_)
      .Unary(&Methods::RequestRecordEvent, &GrpcTenantEvents::RecordEvent)
      .Unary(&Methods::RequestListEvents, &GrpcTenantEvents::ListEvents);
  host.AddReadiness("postgres", [this] { return pool_.Ping(); });
  loops_.Spawn("forget old events", event_retention_.Run());
  host.OnDrain([this] { return Drain(); });
}

Task<void> Service::Drain() {
  loops_.Cancel();
  co_await loops_.Join();
}

}  // namespace latchkey::orchestrator
