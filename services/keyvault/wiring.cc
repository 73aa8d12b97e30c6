#include "services/keyvault/wiring.h"

#include <optional>
#include <utility>

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/log.h"

namespace latchkey::keyvault {

namespace {

constexpr absl::Duration kSweepInterval = absl::Minutes(1);
constexpr absl::Duration kPostgresPatience = absl::Seconds(30);
constexpr absl::Duration kPostgresRetry = absl::Milliseconds(500);

pg::PoolOptions PoolFor(const Config& config) {
  pg::PoolOptions options;
  options.conninfo = config.Text("pg");
  options.schema = "keyvault";
  return options;
}

Task<void> Keep(Task<absl::Status> task, std::optional<absl::Status>& result) {
  result = co_await std::move(task);
}

}  // namespace

Service::Service(const Config& config, KeyMaterial material, rpc::Host& host)
    : host_(host),
      material_(std::move(material)),
      pool_(host.io().get_executor(), PoolFor(config)),
      audit_(config, pool_, chain_, clock_),
      probes_(pool_, config.Integer("tenant-probe-rate"), config.Integer("tenant-probe-day-limit")),
      prober_(host.peers(), config.Text("validator")),
      leases_(envelope_, lease_rows_, audit_.log(), audit_.guard(), clock_, random_,
              config.Duration("lease-ttl")),
      health_(config, host,
              {pool_, chain_, envelope_, keys_, prober_, probes_, audit_.log(), audit_.denials(),
               clock_, random_}),
      revocations_(host.io().get_executor(), pool_, chain_, config.Text("pg"), envelope_,
                   lease_rows_, audit_.guard()),
      root_keys_(config, host.io().get_executor(), pool_, chain_, clock_, material_.ring, envelope_,
                 intake_, keys_),
      loops_(host.io().get_executor()) {
  using Methods = v1::KeyVault::AsyncService;
  host.Serve<v1::KeyVault>(grpc_)
      .Unary(&Methods::RequestGetIntakeKey, &GrpcService::GetIntakeKey)
      .Unary(&Methods::RequestPutKey, &GrpcService::PutKey)
      .Unary(&Methods::RequestPutNumberKeys, &GrpcService::PutNumberKeys)
      .Unary(&Methods::RequestTestKey, &GrpcService::TestKey)
      .Unary(&Methods::RequestDeleteKey, &GrpcService::DeleteKey)
      .Unary(&Methods::RequestListKeys, &GrpcService::ListKeys)
      .Unary(&Methods::RequestLeaseKeys, &GrpcService::LeaseKeys)
      .Unary(&Methods::RequestRenewLeases, &GrpcService::RenewLeases)
      .Unary(&Methods::RequestReleaseLease, &GrpcService::ReleaseLease)
      .Unary(&Methods::RequestVerifyCarrierSignature, &GrpcService::VerifyCarrierSignature)
      .With(grpc_signing_)
      .Unary(&Methods::RequestSetSigningSecret, &GrpcSigning::SetSigningSecret)
      .Unary(&Methods::RequestSign, &GrpcSigning::Sign)
      .With(health_.grpc())
      .Unary(&Methods::RequestRevalidate, &GrpcHealth::Revalidate)
      .With(revocations_.grpc())
      .Unary(&Methods::RequestSwitchVersion, &GrpcRevocations::SwitchVersion)
      .ServerStream(&Methods::RequestWatchRevocations, &GrpcRevocations::WatchRevocations)
      .Unary(&Methods::RequestRevokeAll, &GrpcRevocations::RevokeAll)
      .With(audit_.grpc())
      .Unary(&Methods::RequestListAudit, &GrpcAudit::ListAudit)
      .Unary(&Methods::RequestVerifyAudit, &GrpcAudit::VerifyAudit)
      .Unary(&Methods::RequestFreeze, &GrpcAudit::Freeze)
      .Unary(&Methods::RequestUnfreeze, &GrpcAudit::Unfreeze)
      .With(root_keys_.grpc())
      .Unary(&Methods::RequestRewrap, &GrpcRootKeys::Rewrap)
      .Unary(&Methods::RequestRetireRootKey, &GrpcRootKeys::RetireRootKey)
      .Unary(&Methods::RequestShredTenant, &GrpcRootKeys::ShredTenant);
  host.AddReadiness("postgres", [this] { return pool_.Ping(); });
  host.OnDrain([this] { return Drain(); });
}

absl::Status Service::Prepare() {
  std::optional<absl::Status> checked;
  Spawn(host_.io().get_executor(), "check root key", Keep(CheckRootKey(), checked));
  while (!checked.has_value() && host_.io().run_one() > 0) {
  }
  host_.io().restart();
  if (!checked.has_value()) return absl::InternalError("The check of the root key did not end.");
  if (checked->ok()) {
    log::Info("key ring opened", {{"current", material_.ring.current().id()}});
    loops_.Spawn("sweep leases", SweepUntilDrain());
    loops_.Spawn("audit", audit_.Run(lease_rows_));
    loops_.Spawn("watch root keys", root_keys_.Watch());
    revocations_.Start();
    health_.Start();
  }
  return *checked;
}

Task<absl::Status> Service::CheckRootKey() {
  const absl::Time give_up = clock_.Now() + kPostgresPatience;
  while (true) {
    absl::Status checked = co_await root_keys_.Check();
    if (!absl::IsUnavailable(checked) || clock_.Now() >= give_up) co_return checked;
    co_await clock_.Sleep(kPostgresRetry);
  }
}

Task<void> Service::SweepUntilDrain() {
  while (!draining_) {
    absl::Status swept = co_await lease_rows_.Sweep();
    if (swept.ok()) swept = co_await revocations_.Sweep();
    if (!swept.ok() && !draining_) log::Warn("sweep failed", {{"error", swept}});
    if (!draining_) co_await clock_.Sleep(kSweepInterval);
  }
}

Task<void> Service::Drain() {
  draining_ = true;
  co_await health_.Stop();
  co_await revocations_.Stop();
  co_await root_keys_.Stop();
  loops_.Cancel();
  co_await loops_.Join();
  co_await audit_.Finish();
}

}  // namespace latchkey::keyvault
