// Delays: a histogram of durations, fine enough for a p99 and cheap enough for every frame.
#pragma once

#include <array>
#include <cstdint>

#include "absl/time/time.h"

namespace latchkey::bench {

// Buckets of 50 µs up to one second; longer ones count in the last.
class Delays {
 public:
  void Add(absl::Duration delay);
  // The upper end of the bucket in which the p-th part of all lies; p in [0, 1].
  absl::Duration Quantile(double p) const;
  uint64_t count() const { return count_; }
  void Clear() { *this = Delays(); }

 private:
  static constexpr size_t kBuckets = 20'000;
  std::array<uint64_t, kBuckets> buckets_{};
  uint64_t count_ = 0;
};

}  // namespace latchkey::bench
