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
    if (!known) events_.push_back({static_cast<int64_t>(events_.size()) + 1, event});
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

 private:
  std::vector<KeptEvent> events_;  // In the order in which they came.
};

}  // namespace latchkey::orchestrator
