// Metering: prices calls at admission, and puts them into the books when they have ended.
#pragma once

#include "absl/status/statusor.h"
#include "services/billing/domain/ports.h"

namespace latchkey::billing {

// The most events in one page: about 32 KiB of answer.
inline constexpr int kUsagePageMax = 100;

struct UsagePage {
  std::vector<UsageEvent> events;
  std::optional<UsageCursor> next;  // Empty on the last page.
  UsageTotals totals;
};

// Lives on one io thread. The ports outlive it.
class Metering {
 public:
  Metering(RateCards& cards, UsageBook& book) : cards_(cards), book_(book) {}

  // The price of a minute.
  //   kFailedPrecondition  rate_missing  the operator has set none
  Task<absl::StatusOr<Rate>> Authorize(const RateQuery& query);

  // Rates the call and writes it down, once: a repetition gets what stands in the books.
  //   kAlreadyExists  usage_conflict  it stands there with other figures
  Task<absl::StatusOr<UsageEvent>> Record(const EndedCall& ended);

  // A page of at most `limit` events, and the totals of the whole period.
  Task<absl::StatusOr<UsagePage>> Usage(const UsageFilter& filter, std::optional<UsageCursor> after,
                                        int limit);

 private:
  RateCards& cards_;
  UsageBook& book_;
};

}  // namespace latchkey::billing
