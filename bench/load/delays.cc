#include "bench/load/delays.h"

#include <algorithm>

namespace latchkey::bench {
namespace {

constexpr absl::Duration kWidth = absl::Microseconds(50);

}  // namespace

void Delays::Add(absl::Duration delay) {
  const int64_t bucket = std::max<int64_t>(0, delay / kWidth);
  ++buckets_[std::min(static_cast<size_t>(bucket), kBuckets - 1)];
  ++count_;
}

absl::Duration Delays::Quantile(double p) const {
  const auto wanted = static_cast<uint64_t>(p * static_cast<double>(count_));
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen > wanted) return kWidth * static_cast<int64_t>(i + 1);
  }
  return absl::ZeroDuration();
}

}  // namespace latchkey::bench
