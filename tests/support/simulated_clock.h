// SimulatedClock: time that moves only when a test says so.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "lib/base/clock.h"

namespace latchkey {

// Lives on the test's io context. Advance() wakes the sleepers whose time has come, in order.
class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(absl::Time start = absl::FromUnixSeconds(1'790'000'000)) : now_(start) {}

  absl::Time Now() const override { return now_; }
  Task<void> SleepUntil(absl::Time time) override;

  void Advance(absl::Duration by);
  // When the next sleeper wakes; absl::InfiniteFuture() when nobody sleeps.
  absl::Time NextWake() const;

 private:
  absl::Time now_;
  // Each sleeper waits on a timer that never expires by itself; waking cancels it.
  std::multimap<absl::Time, std::shared_ptr<boost::asio::steady_timer>> sleepers_;
};

}  // namespace latchkey
