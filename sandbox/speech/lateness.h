// Lateness: how much later than due frames were sent, as a histogram that is cheap for every frame.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "absl/time/time.h"

namespace latchkey::sandbox {

// Buckets of 100 µs up to one second; later ones count in the last. `max` is exact.
class Lateness {
 public:
  void Add(std::chrono::nanoseconds late);
  // The upper end of the bucket in which the p-th part of all lies; p in [0, 1].
  absl::Duration Quantile(double p) const;
  absl::Duration max() const { return absl::FromChrono(max_); }
  uint64_t count() const { return count_; }
  void Clear() { *this = Lateness(); }

 private:
  static constexpr size_t kBuckets = 10'000;

  std::array<uint32_t, kBuckets> buckets_{};
  uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
};

}  // namespace latchkey::sandbox
