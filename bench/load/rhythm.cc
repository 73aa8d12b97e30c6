#include "bench/load/rhythm.h"

#include <algorithm>
#include <chrono>

#include "absl/time/clock.h"
#include "bench/load/pace.h"
#include "bench/load/subject.h"
#include "lib/base/error.h"

namespace latchkey::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

void Note(Beats& beats, const absl::Status& status, absl::Duration delay) {
  if (!status.ok()) {
    ++beats.failed;
    if (beats.first_error.empty()) beats.first_error = Message(status);
    return;
  }
  if (beats.done++ == 0) beats.first_delay = delay;
  beats.longest_delay = std::max(beats.longest_delay, delay);
  beats.delays.Add(delay);
}

struct Window {
  SteadyClock::time_point begin, end;
};

Task<void> Repeat(const Operation& operation, const Window& window, Beats& beats) {
  while (SteadyClock::now() < window.end) {
    const SteadyClock::time_point asked = SteadyClock::now();
    const absl::Status status = co_await operation();
    const SteadyClock::time_point answered = SteadyClock::now();
    const bool counts = answered >= window.begin && answered < window.end;
    if (counts || !status.ok()) Note(beats, status, absl::FromChrono(answered - asked));
  }
}

Task<void> Once(const Operation& operation, SteadyClock::time_point due, Beats& beats) {
  const absl::Status status = co_await operation();
  Note(beats, status, absl::FromChrono(SteadyClock::now() - due));
}

Task<void> ReadCpu(const Executor& executor, std::chrono::microseconds after,
                   absl::Duration& reading) {
  Pace pace(executor, after);
  co_await pace.Next();
  reading = OwnCpuTime();
}

}  // namespace

Task<void> Flood(Executor executor, Operation operation, int in_flight, absl::Duration warm_up,
                 absl::Duration window, Beats& beats) {
  const auto warm = std::chrono::microseconds(absl::ToInt64Microseconds(warm_up));
  const auto long_enough = std::chrono::microseconds(absl::ToInt64Microseconds(window));
  const SteadyClock::time_point begin = SteadyClock::now() + warm;
  const Window counted{begin, begin + long_enough};
  absl::Duration cpu_before, cpu_after;
  Group group(executor);
  group.Spawn("read cpu", ReadCpu(executor, warm, cpu_before));
  group.Spawn("read cpu", ReadCpu(executor, warm + long_enough, cpu_after));
  for (int i = 0; i < in_flight; ++i) group.Spawn("flood", Repeat(operation, counted, beats));
  co_await group.Join();
  beats.wall = window;
  beats.load_core = absl::ToDoubleSeconds(cpu_after - cpu_before) / absl::ToDoubleSeconds(window);
}

Task<void> Steady(Executor executor, Operation operation, int per_second, absl::Duration window,
                  Beats& beats) {
  const std::chrono::microseconds step(1'000'000 / per_second);
  const auto count = static_cast<int>(absl::ToDoubleSeconds(window) * per_second);
  const absl::Duration cpu_before = OwnCpuTime();
  Pace pace(executor, step);
  Group group(executor);
  for (int i = 0; i < count; ++i) {
    const absl::Duration late = co_await pace.Next();
    beats.lateness.Add(late);
    const SteadyClock::time_point due = SteadyClock::now() - absl::ToChronoNanoseconds(late);
    group.Spawn("steady", Once(operation, due, beats));
  }
  co_await group.Join();
  beats.wall += window;
  beats.load_core =
      absl::ToDoubleSeconds(OwnCpuTime() - cpu_before) / absl::ToDoubleSeconds(window);
}

}  // namespace latchkey::bench
