#include "sandbox/speech/lateness.h"

#include <algorithm>

namespace latchkey::sandbox {
namespace {

constexpr std::chrono::microseconds kWidth(100);

}  // namespace

void Lateness::Add(std::chrono::nanoseconds late) {
  const int64_t bucket = std::max<int64_t>(0, late / kWidth);
  ++buckets_[std::min(static_cast<size_t>(bucket), kBuckets - 1)];
  ++count_;
  max_ = std::max(max_, late);
}

absl::Duration Lateness::Quantile(double p) const {
  const auto wanted = static_cast<uint64_t>(p * static_cast<double>(count_));
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen > wanted) return absl::FromChrono(kWidth) * static_cast<int64_t>(i + 1);
  }
  return max();
}

}  // namespace latchkey::sandbox
