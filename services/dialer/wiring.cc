#include "services/dialer/wiring.h"

#include <utility>

#include "latchkey/dialer/v1/dialer.grpc.pb.h"

namespace latchkey::dialer {
namespace {

pg::PoolOptions PoolFor(const Config& config) {
  pg::PoolOptions options;
  options.conninfo = config.Text("pg");
  options.schema = "dialer";
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Make(const Config& config, rpc::Host& host) {
  absl::StatusOr<secret::SigningKey> key =
      secret::SigningKey::FromFile(config.Text("ticket-key-file"));
  if (!key.ok()) return key.status();
  absl::StatusOr<phone::Zones> zones = phone::Zones::Load();
  if (!zones.ok()) return zones.status();
  return std::unique_ptr<Service>(new Service(config, host, *std::move(key), *std::move(zones)));
}

Service::Service(const Config& config, rpc::Host& host, secret::SigningKey key, phone::Zones zones)
    : zones_(std::move(zones)),
      orchestrator_(host.peers(), "orchestrator", config.Text("orchestrator")),
      keyvault_(host.peers(), "keyvault", config.Text("keyvault")),
      billing_client_(host.peers(), "billing", config.Text("billing")),
      pool_(host.io().get_executor(), PoolFor(config)),
      media_(host.peers()),
      signer_(std::move(key)),
      relay_(host.io().get_executor(), pool_, billing_, pg::OutboxOptions()),
      store_(pool_, [this] { relay_.Wake(); }),
      placing_(PlacingPorts{directory_, admission_, dnc_, fleet_, store_, handover_, plan_, zones_,
                            clock_, random_}),
      admitting_(
          InboundPorts{directory_, vault_, admission_, fleet_, store_, handover_, clock_, random_}),
      settlement_(host.io().get_executor(), store_, fleet_, media_, signer_, clock_, random_) {
  Serve(host);
  host.AddReadiness("postgres", [this] { return pool_.Ping(); });
  host.OnDrain([this] { return Stop(); });
  relay_.Start();
  settlement_.Start();
}

void Service::Serve(rpc::Host& host) {
  using Methods = v1::Dialer::AsyncService;
  host.Serve<v1::Dialer>(grpc_)
      .Unary(&Methods::RequestPlaceCall, &GrpcService::PlaceCall)
      .Unary(&Methods::RequestAdmitInbound, &GrpcService::AdmitInbound)
      .Unary(&Methods::RequestConfigureNumber, &GrpcService::ConfigureNumber)
      .Unary(&Methods::RequestHeartbeat, &GrpcService::Heartbeat)
      .Unary(&Methods::RequestReportCarrierEvent, &GrpcService::ReportCarrierEvent)
      .Unary(&Methods::RequestReportProgress, &GrpcService::ReportProgress)
      .Unary(&Methods::RequestCompleteCall, &GrpcService::CompleteCall)
      .Unary(&Methods::RequestEndCall, &GrpcService::EndCall)
      .Unary(&Methods::RequestGetCall, &GrpcService::GetCall)
      .Unary(&Methods::RequestListCalls, &GrpcService::ListCalls)
      .Unary(&Methods::RequestAddDnc, &GrpcService::AddDnc)
      .Unary(&Methods::RequestRemoveDnc, &GrpcService::RemoveDnc);
}

Task<void> Service::Stop() {
  co_await settlement_.Stop();
  co_await relay_.Stop();
}

}  // namespace latchkey::dialer
