#include "services/billing/domain/metering.h"

#include "lib/base/error.h"
#include "services/billing/domain/rating.h"
#include "services/billing/domain/reasons.h"

namespace latchkey::billing {

Task<absl::StatusOr<Rate>> Metering::Authorize(const RateQuery& query) {
  absl::StatusOr<Rate> rate = co_await cards_.Find(query);
  if (absl::IsNotFound(rate.status())) {
    co_return Error(absl::StatusCode::kFailedPrecondition, reasons::kRateMissing,
                    "There is no price yet for this plan, key mode and currency. Ask the operator "
                    "to set one, or choose another plan.",
                    {{"plan", query.plan}, {"currency", query.currency}});
  }
  co_return rate;
}

Task<absl::StatusOr<UsageEvent>> Metering::Record(const EndedCall& ended) {
  const UsageEvent event = RateCall(ended);
  absl::StatusOr<UsageEvent> kept = co_await book_.Record(event);
  if (!kept.ok()) co_return kept.status();
  if (!SameFigures(kept->ended, ended)) {
    co_return Error(absl::StatusCode::kAlreadyExists, reasons::kUsageConflict,
                    "This call was metered before with other figures; those stand.",
                    {{"call_id", ended.call.text()}});
  }
  co_return kept;
}

Task<absl::StatusOr<UsagePage>> Metering::Usage(const UsageFilter& filter,
                                                std::optional<UsageCursor> after, int limit) {
  // One more than asked for tells whether there is a next page.
  absl::StatusOr<std::vector<UsageEvent>> events =
      co_await book_.List(filter, std::move(after), limit + 1);
  if (!events.ok()) co_return events.status();
  absl::StatusOr<UsageTotals> totals = co_await book_.Total(filter);
  if (!totals.ok()) co_return totals.status();

  UsagePage page;
  page.events = *std::move(events);
  page.totals = *std::move(totals);
  if (page.events.size() > static_cast<size_t>(limit)) {
    page.events.resize(static_cast<size_t>(limit));
    const EndedCall& last = page.events.back().ended;
    page.next = UsageCursor{last.end_time, last.call.text()};
  }
  co_return page;
}

}  // namespace latchkey::billing
