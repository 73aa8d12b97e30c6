#include "services/orchestrator/domain/event_retention.h"

#include <algorithm>

#include "lib/base/log.h"

namespace latchkey::orchestrator {

namespace {

constexpr absl::Duration kSweepEvery = absl::Hours(1);
constexpr absl::Duration kPause = absl::Seconds(1);  // A thousand rows a second at most.

}  // namespace

EventRetention::EventRetention(TenantEventStore& store, Clock& clock, absl::Duration keep)
    : store_(store), clock_(clock), keep_(std::max(keep, kEventRetentionMin)) {}

Task<absl::StatusOr<int64_t>> EventRetention::Sweep() {
  const absl::Time oldest = clock_.Now() - keep_;
  int64_t count = 0;
  while (true) {
    absl::StatusOr<int64_t> deleted = co_await store_.DeleteBefore(oldest, kBatch);
    if (!deleted.ok()) co_return deleted.status();
    count += *deleted;
    if (*deleted < kBatch) co_return count;
    co_await clock_.Sleep(kPause);
  }
}

Task<void> EventRetention::Run() {
  while (true) {
    absl::StatusOr<int64_t> swept = co_await Sweep();
    if (!swept.ok() && !absl::IsCancelled(swept.status())) {
      log::Warn("old events not deleted", {{"error", swept.status()}});
    }
    if (swept.ok() && *swept > 0) log::Info("old events deleted", {{"count", *swept}});
    co_await clock_.Sleep(kSweepEvery);
  }
}

}  // namespace latchkey::orchestrator
