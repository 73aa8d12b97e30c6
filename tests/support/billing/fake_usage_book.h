// FakeUsageBook: the books in memory.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "services/billing/domain/ports.h"

namespace latchkey::billing {

class FakeUsageBook final : public UsageBook {
 public:
  absl::Status failure;  // What every method answers, if not OK.

  Task<absl::StatusOr<UsageEvent>> Record(const UsageEvent& event) override {
    if (!failure.ok()) co_return failure;
    const auto [kept, added] = events_.try_emplace(event.ended.call.text(), event);
    co_return kept->second;
  }

  Task<absl::StatusOr<std::vector<UsageEvent>>> List(const UsageFilter& filter,
                                                     std::optional<UsageCursor> after,
                                                     int limit) override {
    if (!failure.ok()) co_return failure;
    std::vector<UsageEvent> found;
    for (const UsageEvent& event : Matching(filter)) {
      const auto key = std::pair(event.ended.end_time, event.ended.call.text());
      if (after.has_value() && key <= std::pair(after->end_time, after->call)) continue;
      if (found.size() < static_cast<size_t>(limit)) found.push_back(event);
    }
    co_return found;
  }

  Task<absl::StatusOr<UsageTotals>> Total(const UsageFilter& filter) override {
    if (!failure.ok()) co_return failure;
    UsageTotals totals;
    std::map<std::string, int64_t> costs;
    for (const UsageEvent& event : Matching(filter)) {
      ++totals.calls;
      totals.billed_s += event.billed_s;
      costs[event.cost.currency] += event.cost.micros;
    }
    for (const auto& [currency, micros] : costs) {
      totals.costs.push_back(Money{.currency = currency, .micros = micros});
    }
    co_return totals;
  }

 private:
  // Oldest first.
  std::vector<UsageEvent> Matching(const UsageFilter& filter) const {
    std::vector<UsageEvent> found;
    for (const auto& [call, event] : events_) {
      const EndedCall& ended = event.ended;
      if (ended.tenant != filter.tenant) continue;
      if (ended.end_time < filter.start || ended.end_time >= filter.end) continue;
      if (filter.call.has_value() && ended.call != *filter.call) continue;
      found.push_back(event);
    }
    std::sort(found.begin(), found.end(), [](const UsageEvent& a, const UsageEvent& b) {
      return std::pair(a.ended.end_time, a.ended.call) < std::pair(b.ended.end_time, b.ended.call);
    });
    return found;
  }

  std::map<std::string, UsageEvent> events_;
};

}  // namespace latchkey::billing
