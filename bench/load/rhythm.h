// Rhythm: does one thing again and again, in the ways in which a service is asked, and times it.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "bench/load/delays.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"

namespace latchkey::bench {

// The thing. Its parts outlive the rhythm.
using Operation = std::function<Task<absl::Status>()>;

// What came of it.
struct Beats {
  int64_t done = 0;
  int64_t failed = 0;
  std::string first_error;
  Delays delays;
  Delays lateness;  // Of the load itself; only where it has a schedule.
  absl::Duration first_delay, longest_delay;
  absl::Duration wall;
  double load_core = 0;  // How much of a core this process used meanwhile.

  double PerSecond() const { return static_cast<double>(done) / absl::ToDoubleSeconds(wall); }
};

// As fast as `in_flight` at a time allow, for `window` after `warm_up`, which is not counted.
Task<void> Flood(Executor executor, Operation operation, int in_flight, absl::Duration warm_up,
                 absl::Duration window, Beats& beats);

// `per_second` on a schedule that does not wait for answers; each is timed from when it was due, so
// that one that is slow does not hide those behind it. Adds to `beats`.
Task<void> Steady(Executor executor, Operation operation, int per_second, absl::Duration window,
                  Beats& beats);

}  // namespace latchkey::bench
