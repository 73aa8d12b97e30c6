// Everything that billing asks of the world.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/task.h"
#include "services/billing/domain/usage.h"

namespace latchkey::billing {

// What is priced.
struct RateQuery {
  std::string plan;  // "free", "pro" or "byok".
  BillingMode mode = BillingMode::kBundled;
  std::string currency;  // ISO 4217.
};

// The operator's prices.
class RateCards {
 public:
  virtual ~RateCards() = default;

  // The line for exactly this plan, mode and currency. kNotFound `rate_missing` when there is none.
  virtual Task<absl::StatusOr<Rate>> Find(const RateQuery& query) = 0;
};

// Where a list of usage goes on: after this event.
struct UsageCursor {
  absl::Time end_time;
  std::string call;
};

struct UsageFilter {
  TenantId tenant;
  absl::Time start = absl::InfinitePast();  // Ended at or after this.
  absl::Time end = absl::InfiniteFuture();  // Ended before this.
  std::optional<CallId> call;               // One call only.
};

struct UsageTotals {
  int64_t calls = 0;
  int64_t billed_s = 0;
  std::vector<Money> costs;  // One for each currency, by its code.
};

// The books.
class UsageBook {
 public:
  virtual ~UsageBook() = default;

  // Writes the event unless the call has one already; returns the one that stands in the books.
  virtual Task<absl::StatusOr<UsageEvent>> Record(const UsageEvent& event) = 0;

  // At most `limit` events that match, oldest first, those after `after`.
  virtual Task<absl::StatusOr<std::vector<UsageEvent>>> List(const UsageFilter& filter,
                                                             std::optional<UsageCursor> after,
                                                             int limit) = 0;

  // Over everything that matches.
  virtual Task<absl::StatusOr<UsageTotals>> Total(const UsageFilter& filter) = 0;
};

}  // namespace latchkey::billing
