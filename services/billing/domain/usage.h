// Usage: an ended call, what it is rated at, and what stands about it in the books.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "lib/base/id.h"
#include "lib/base/money.h"

namespace latchkey::billing {

// Whose AI keys a call used.
enum class BillingMode { kBundled, kByokTenant, kByokNumber };

// The price of a minute, fixed when the call was admitted.
struct Rate {
  std::string rate_id;  // The rate card's line: "bundled-usd".
  Money per_minute;
  int64_t increment_s = 1;  // Answered time is rounded up to a multiple of this.

  friend bool operator==(const Rate&, const Rate&) = default;
};

// What dialer tells of a call that is over.
struct EndedCall {
  CallId call;
  TenantId tenant;
  NumberId number;
  int64_t answered_s = 0;
  Rate rate;
  BillingMode mode = BillingMode::kBundled;
  absl::Time end_time;
};

// What stands in the books. Never changed.
struct UsageEvent {
  EndedCall ended;
  int64_t billed_s = 0;
  Money cost;
};

}  // namespace latchkey::billing
