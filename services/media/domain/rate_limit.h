// RateLimit: so many at a time, and then so many a second.
#pragma once

#include <algorithm>

#include "absl/time/time.h"

namespace latchkey::media {

// A bucket of `burst` that fills by `per_second`.
class RateLimit {
 public:
  RateLimit(double per_second, double burst)
      : per_second_(per_second), burst_(burst), left_(burst) {}

  // False: too many.
  bool Take(absl::Time now) {
    const double passed_s = std::max(0.0, absl::ToDoubleSeconds(now - last_));
    if (last_ != absl::InfinitePast()) left_ = std::min(burst_, left_ + passed_s * per_second_);
    last_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  const double per_second_;
  const double burst_;
  double left_;
  absl::Time last_ = absl::InfinitePast();
};

}  // namespace latchkey::media
