// FakeTenantEventStore: tenants' events in memory.
#pragma once

#include <algorithm>
#include <vector>

#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

class FakeTenantEventStore final : public TenantEventStore {
 public:
  Task<absl::Status> Add(const TenantEvent& event) override {
    const bool known = std::any_of(events_.begin(), events_.end(), [&](const KeptEvent& kept) {
      return kept.event.id == event.id;
    });
    if (!known) events_.push_back({++last_position_, event});
    co_return absl::OkStatus();
  }

  Task<absl::StatusOr<std::vector<KeptEvent>>> List(const TenantId& tenant, int64_t before,
                                                    int limit) override {
    std::vector<KeptEvent> page;
    for (auto kept = events_.rbegin(); kept != events_.rend(); ++kept) {
      if (kept->event.tenant != tenant || kept->position >= before) continue;
      if (page.size() < static_cast<size_t>(limit)) page.push_back(*kept);
    }
    co_return page;
  }

  Task<absl::StatusOr<int64_t>> DeleteBefore(absl::Time time, int limit) override {
    if (!failure.ok()) co_return failure;
    int64_t deleted = 0;
    std::erase_if(events_, [&](const KeptEvent& kept) {
      const bool old = kept.event.time < time && deleted < limit;
      deleted += old ? 1 : 0;
      return old;
    });
    co_return deleted;
  }

  absl::Status failure;  // When it is an error, DeleteBefore returns it.

 private:
  int64_t last_position_ = 0;
  std::vector<KeptEvent> events_;  // In the order in which they came.
};

}  // namespace latchkey::orchestrator
