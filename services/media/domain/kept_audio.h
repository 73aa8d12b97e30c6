// KeptAudio: the callee's last seconds, to be heard again by whoever missed them.
#pragma once

#include <vector>

#include "services/media/domain/ports.h"

namespace latchkey::media {

// Has its room from the beginning: a frame allocates nothing.
class KeptAudio {
 public:
  KeptAudio() { bytes_.reserve(kMost); }

  void Keep(Audio audio) {
    if (audio.size() > kRoom) return;
    // Once in two seconds; vectors move bytes faster than a ring is read.
    if (bytes_.size() + audio.size() > kMost) Forget(kRoom);
    bytes_.insert(bytes_.end(), audio.begin(), audio.end());
  }
  void Clear() { bytes_.clear(); }
  // All but the last `samples`.
  void ForgetAllBut(size_t samples) {
    if (bytes_.size() > samples) Forget(bytes_.size() - samples);
  }
  Audio all() const { return bytes_; }

 private:
  // A long sentence, and the wait until a connection that hangs is given up.
  static constexpr size_t kMost = 10 * kSampleRateHz;
  static constexpr size_t kRoom = 2 * kSampleRateHz;  // What is made when it is full.

  void Forget(size_t samples) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(samples));
  }

  std::vector<uint8_t> bytes_;
};

}  // namespace latchkey::media
