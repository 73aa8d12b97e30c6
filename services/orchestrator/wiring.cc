#include "services/orchestrator/wiring.h"

#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"

namespace latchkey::orchestrator {
namespace {

pg::PoolOptions PoolFor(const Config& config) {
  pg::PoolOptions options;
  options.conninfo = config.Text("pg");
  options.schema = "orchestrator";
  return options;
}

}  // namespace

Service::Service(const Config& config, rpc::Host& host)
    : pool_(host.io().get_executor(), PoolFor(config)),
      keys_(host.peers(), config.Text("keyvault")),
      recordings_(config.Text("recordings")) {
  using Methods = v1::Orchestrator::AsyncService;
  host.Serve<v1::Orchestrator>(grpc_)
      .Unary(&Methods::RequestCreateTenant, &GrpcService::CreateTenant)
      .Unary(&Methods::RequestUpdateTenant, &GrpcService::UpdateTenant)
      .Unary(&Methods::RequestCreateApiKey, &GrpcService::CreateApiKey)
      .Unary(&Methods::RequestRevokeApiKey, &GrpcService::RevokeApiKey)
      .Unary(&Methods::RequestAuthenticate, &GrpcService::Authenticate)
      .Unary(&Methods::RequestCreateNumber, &GrpcService::CreateNumber)
      .Unary(&Methods::RequestUpdateNumber, &GrpcService::UpdateNumber)
      .Unary(&Methods::RequestListNumbers, &GrpcService::ListNumbers)
      .Unary(&Methods::RequestFindNumber, &GrpcService::FindNumber)
      .Unary(&Methods::RequestGetOnboarding, &GrpcService::GetOnboarding)
      .Unary(&Methods::RequestSetMode, &GrpcService::SetMode)
      .Unary(&Methods::RequestCompleteOnboarding, &GrpcService::CompleteOnboarding)
      .Unary(&Methods::RequestAppendCallEvents, &GrpcService::AppendCallEvents)
      .ServerStream(&Methods::RequestWatchCall, &GrpcService::WatchCall)
      .Unary(&Methods::RequestGetTranscript, &GrpcService::GetTranscript)
      .ServerStream(&Methods::RequestReadRecording, &GrpcService::ReadRecording);
  host.AddReadiness("postgres", [this] { return pool_.Ping(); });
}

}  // namespace latchkey::orchestrator
