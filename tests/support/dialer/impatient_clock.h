// ImpatientClock: time that passes only while somebody sleeps.
#pragma once

#include "lib/base/clock.h"
#include "tests/support/dialer/sample_line.h"

namespace latchkey::dialer {

class ImpatientClock final : public Clock {
 public:
  absl::Time Now() const override { return now; }
  Task<void> SleepUntil(absl::Time time) override {
    now = time;
    co_return;
  }

  absl::Time now = kIndianNoon;
};

}  // namespace latchkey::dialer
