#include "services/billing/domain/rating.h"

#include "lib/base/check.h"

namespace latchkey::billing {

int64_t BilledSeconds(int64_t answered_s, int64_t increment_s) {
  Check(answered_s >= 0 && increment_s > 0, "answered time and increment were checked at the edge");
  const int64_t increments = answered_s / increment_s + (answered_s % increment_s != 0 ? 1 : 0);
  return increments * increment_s;
}

UsageEvent RateCall(const EndedCall& ended) {
  UsageEvent event;
  event.ended = ended;
  event.billed_s = BilledSeconds(ended.answered_s, ended.rate.increment_s);
  event.cost = ForSeconds(ended.rate.per_minute, event.billed_s);
  return event;
}

bool SameFigures(const EndedCall& a, const EndedCall& b) {
  return a.call == b.call && a.tenant == b.tenant && a.number == b.number &&
         a.answered_s == b.answered_s && a.rate == b.rate && a.mode == b.mode;
}

}  // namespace latchkey::billing
