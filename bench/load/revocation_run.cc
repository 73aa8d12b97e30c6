#include "bench/load/revocation_run.h"

#include <utility>

#include "bench/load/key_seed.h"
#include "bench/load/pace.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/rpc/client_stream.h"

namespace latchkey::bench {
namespace {

using keyvault::v1::KeyVault;
using keyvault::v1::RevokeAllRequest;

constexpr std::chrono::milliseconds kBetween{20};
constexpr std::chrono::milliseconds kLook{5};
constexpr int kLooksMax = 1000;
constexpr absl::Duration kDeadline = absl::Seconds(10);

}  // namespace

Task<absl::Status> RevocationRun::Run() {
  for (size_t i = 0; i < fleet_.size(); ++i) {
    watchers_.Spawn("watch revocations", Watch(fleet_.instance(i)));
  }
  absl::Status ended = co_await RunBoth();
  watchers_.Cancel();
  co_await watchers_.Join();
  co_return ended;
}

Task<absl::Status> RevocationRun::RunBoth() {
  Pace look(executor_, kLook);
  while (watching_ < static_cast<int>(fleet_.size())) co_await look.Next();
  absl::Status done = co_await LeaseAll();
  if (done.ok()) done = co_await RevokeEach();
  told_ = &all_at_once_;
  if (done.ok()) done = co_await LeaseAll();
  if (done.ok()) done = co_await RevokeAllAtOnce();
  co_return done;
}

// The first message comes at once, when the stream stands.
Task<void> RevocationRun::Watch(LeasingInstance& instance) {
  const keyvault::v1::WatchRevocationsRequest request;
  rpc::CallOptions options(absl::Minutes(4));
  options.wait_for_ready = true;
  rpc::ServerStream<keyvault::v1::WatchRevocationsResponse> stream(
      instance.client, &KeyVault::Stub::PrepareAsyncWatchRevocations, request, options);
  bool first = true;
  while (true) {
    const absl::StatusOr<std::optional<keyvault::v1::WatchRevocationsResponse>> message =
        co_await stream.Read();
    if (!message.ok() || !message->has_value()) co_return;
    if (std::exchange(first, false)) ++watching_;
    const TimePoint now = std::chrono::steady_clock::now();
    for (const keyvault::v1::Revocation& revocation : (*message)->revocations()) {
      const auto found = revoked_.find(revocation.lease_id());
      if (found == revoked_.end()) continue;
      told_->Add(absl::FromChrono(now - found->second));
      revoked_.erase(found);
    }
  }
}

Task<absl::Status> RevocationRun::LeaseAll() {
  leases_.clear();
  for (int tenant = 0; tenant < kTenants; ++tenant) {
    absl::StatusOr<std::vector<std::string>> leased = co_await fleet_.Lease(tenant);
    if (!leased.ok()) co_return leased.status();
    leases_.push_back(*std::move(leased));
  }
  co_return absl::OkStatus();
}

Task<absl::Status> RevocationRun::RevokeEach() {
  Pace pace(executor_, kBetween);
  for (int tenant = 0; tenant < kTenants; ++tenant) {
    co_await pace.Next();
    RevokeAllRequest request;
    request.set_tenant_id(SeedTenant(tenant));
    const std::vector<std::string>& leases = leases_[static_cast<size_t>(tenant)];
    for (const std::string& lease : leases) revoked_[lease] = std::chrono::steady_clock::now();
    absl::Status revoked = co_await Revoke(std::move(request), kKeysPerTenant);
    if (!revoked.ok()) co_return revoked;
  }
  co_return co_await AwaitTold();
}

Task<absl::Status> RevocationRun::RevokeAllAtOnce() {
  RevokeAllRequest request;
  request.set_all(true);
  const TimePoint now = std::chrono::steady_clock::now();
  for (const std::vector<std::string>& leases : leases_) {
    for (const std::string& lease : leases) revoked_[lease] = now;
  }
  absl::Status revoked = co_await Revoke(std::move(request), kTenants * kKeysPerTenant);
  if (!revoked.ok()) co_return revoked;
  co_return co_await AwaitTold();
}

Task<absl::Status> RevocationRun::Revoke(RevokeAllRequest request, int expected) {
  const rpc::CallOptions options(kDeadline);
  const absl::StatusOr<keyvault::v1::RevokeAllResponse> answer =
      co_await rpc::Call(ops_, &KeyVault::Stub::PrepareAsyncRevokeAll, request, options);
  if (!answer.ok()) co_return answer.status();
  if (answer->revoked_count() == expected) co_return absl::OkStatus();
  co_return absl::InternalError("another number of leases was revoked");
}

Task<absl::Status> RevocationRun::AwaitTold() {
  Pace look(executor_, kLook);
  for (int i = 0; i < kLooksMax && !revoked_.empty(); ++i) {
    co_await look.Next();
  }
  if (revoked_.empty()) co_return absl::OkStatus();
  co_return absl::DeadlineExceededError("holders were not told of a revocation");
}

}  // namespace latchkey::bench
