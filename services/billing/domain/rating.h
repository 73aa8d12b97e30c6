// Rating: what an ended call costs. A rule: the same call and rate always give the same cost.
#pragma once

#include <cstdint>

#include "services/billing/domain/usage.h"

namespace latchkey::billing {

// `answered_s` rounded up to a multiple of `increment_s`; nothing for a call that nobody answered.
int64_t BilledSeconds(int64_t answered_s, int64_t increment_s);

// Rates the call. The cost is rounded once, by ForSeconds.
UsageEvent RateCall(const EndedCall& ended);

// True when both tell of the same call with the same figures. The time of the end may differ: a
// call that is reported twice is the same call.
bool SameFigures(const EndedCall& a, const EndedCall& b);

}  // namespace latchkey::billing
