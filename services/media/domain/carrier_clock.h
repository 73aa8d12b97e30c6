// CarrierClock: where the call stands in samples since its stream began.
#pragma once

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// Goes by the time stamps of the audio that arrives, and by the machine's clock in between, since a
// carrier may send in bursts or leave silence out. Never goes back.
class CarrierClock {
 public:
  void Start(absl::Time now) { arrived_ = now; }

  void OnAudio(int64_t end_position, absl::Time now) {
    if (end_position < position_) return;
    position_ = end_position;
    arrived_ = now;
  }

  int64_t Now(absl::Time now) const {
    const int64_t elapsed = absl::ToInt64Microseconds(now - arrived_) / 125;
    return position_ + std::max<int64_t>(0, elapsed);
  }

 private:
  int64_t position_ = 0;
  absl::Time arrived_;
};

}  // namespace latchkey::media
