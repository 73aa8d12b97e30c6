#include "services/keyvault/audit_parts.h"

#include <boost/asio/this_coro.hpp>
#include <utility>

namespace latchkey::keyvault {

namespace {

constexpr absl::Duration kRefreshInterval = absl::Seconds(1);

LeaseLimitOptions LimitsFrom(const Config& config) {
  LeaseLimitOptions limits;
  limits.tickets_per_minute_of_tenant = config.Integer("tenant-lease-rate");
  limits.tickets_per_minute_of_caller = config.Integer("instance-lease-rate");
  limits.live_leases_of_tenant = config.Integer("tenant-live-leases");
  limits.live_leases_of_caller = config.Integer("instance-live-leases");
  limits.tenants_per_minute_of_caller = static_cast<size_t>(config.Integer("fan-out-alarm"));
  return limits;
}

// What a restart, or a disk that is full for a while, may delay them by.
constexpr absl::Duration kCheckpointPatience = absl::Minutes(10);

absl::Duration CheckpointDelay(const Config& config) {
  if (config.Text("audit-checkpoints").empty()) return absl::InfiniteDuration();
  return config.Duration("audit-checkpoint-interval") + kCheckpointPatience;
}

void WarnUnlessOk(const char* event, const absl::Status& status) {
  if (!status.ok() && !absl::IsCancelled(status)) log::Warn(event, {{"error", status}});
}

}  // namespace

AuditParts::AuditParts(const Config& config, pg::Pool& pool, const AuditChain& chain, Clock& clock)
    : log_(pool, chain),
      denials_(log_, clock),
      frozen_(pool, chain),
      guard_(denials_, frozen_, alarm_, clock, LimitsFrom(config), config.Integer("freeze-after")),
      checkpoints_(config.Text("audit-checkpoints")),
      auditor_(chain, log_, checkpoints_, clock, CheckpointDelay(config)),
      clock_(clock),
      checkpoint_interval_(config.Duration("audit-checkpoint-interval")) {
  if (checkpoints_.enabled()) return;
  log::Warn("audit checkpoints are not kept",
            {{"remedy", "set --audit-checkpoints to a directory outside of the database"}});
}

Task<void> AuditParts::Run(LeaseStore& leases) {
  absl::Time next_checkpoint = clock_.Now();
  while (true) {
    const absl::Status refreshed = co_await guard_.Refresh(leases);
    WarnUnlessOk("limits not refreshed", refreshed);
    const absl::Status counted = co_await denials_.WriteCounts(false);
    WarnUnlessOk("denials not counted", counted);
    if (checkpoints_.enabled() && clock_.Now() >= next_checkpoint) {
      const absl::Status checkpointed = co_await auditor_.Checkpoint();
      WarnUnlessOk("audit checkpoint not written", checkpointed);
      next_checkpoint = clock_.Now() + checkpoint_interval_;
    }
    co_await clock_.Sleep(kRefreshInterval);
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) co_return;
  }
}

Task<void> AuditParts::Finish() {
  const absl::Status counted = co_await denials_.WriteCounts(true);
  WarnUnlessOk("denials not counted", counted);
  if (!checkpoints_.enabled()) co_return;
  const absl::Status checkpointed = co_await auditor_.Checkpoint();
  WarnUnlessOk("audit checkpoint not written", checkpointed);
}

}  // namespace latchkey::keyvault
