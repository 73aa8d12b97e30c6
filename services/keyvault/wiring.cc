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
      prober_(host.peers(), config.Text("validator")),
      leases_(envelope_, lease_rows_, clock_, random_, config.Duration("lease-ttl")),
      loops_(host.io().get_executor()) {
  using Methods = v1::KeyVault::AsyncService;
  host.Serve<v1::KeyVault>(grpc_)
      .Unary(&Methods::RequestGetIntakeKey, &GrpcService::GetIntakeKey)
      .Unary(&Methods::RequestPutKey, &GrpcService::PutKey)
      .Unary(&Methods::RequestTestKey, &GrpcService::TestKey)
      .Unary(&Methods::RequestDeleteKey, &GrpcService::DeleteKey)
      .Unary(&Methods::RequestListKeys, &GrpcService::ListKeys)
      .Unary(&Methods::RequestLeaseKeys, &GrpcService::LeaseKeys)
      .Unary(&Methods::RequestRenewLeases, &GrpcService::RenewLeases)
      .Unary(&Methods::RequestReleaseLease, &GrpcService::ReleaseLease)
      .Unary(&Methods::RequestVerifyCarrierSignature, &GrpcService::VerifyCarrierSignature);
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
  }
  return *checked;
}

Task<absl::Status> Service::CheckRootKey() {
  const absl::Time give_up = clock_.Now() + kPostgresPatience;
  while (true) {
    absl::Status checked = co_await vault_.CheckRootKey();
    if (!absl::IsUnavailable(checked) || clock_.Now() >= give_up) co_return checked;
    co_await clock_.Sleep(kPostgresRetry);
  }
}

Task<void> Service::SweepUntilDrain() {
  while (!draining_) {
    absl::Status swept = co_await lease_rows_.Sweep();
    if (!swept.ok() && !draining_) log::Warn("sweep failed", {{"error", swept}});
    if (!draining_) co_await clock_.Sleep(kSweepInterval);
  }
}

Task<void> Service::Drain() {
  draining_ = true;
  loops_.Cancel();
  co_await loops_.Join();
}

}  // namespace latchkey::keyvault
