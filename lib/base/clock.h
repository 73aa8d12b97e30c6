// Clock: the one way a domain learns what time it is, and waits.
#pragma once

#include "absl/time/time.h"
#include "lib/base/task.h"

namespace latchkey {

class Clock {
 public:
  virtual ~Clock() = default;

  virtual absl::Time Now() const = 0;

  // Returns at `time` or later, or at once when the coroutine is cancelled. Lives on the io thread
  // that awaits it.
  virtual Task<void> SleepUntil(absl::Time time) = 0;

  // The same, counted from now.
  Task<void> Sleep(absl::Duration duration) { return SleepUntil(Now() + duration); }
};

// The machine's clock. Sleeps are monotonic: a step of the wall clock does not move them.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  Task<void> SleepUntil(absl::Time time) override;
};

}  // namespace latchkey
