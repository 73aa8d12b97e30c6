// VoiceDetector: tells speech from line noise by energy, and when speech sets in.
#pragma once

#include <cstdint>

#include "services/media/domain/ports.h"

namespace latchkey::media {

// Works on 20 ms frames that it cuts itself, so the carrier's frame size does not matter. A frame
// is voiced when its mean energy stands well above an adaptive noise floor. Allocates nothing.
class VoiceDetector {
 public:
  struct Result {
    bool voiced = false;     // The last whole frame.
    bool onset = false;      // Speech has just set in.
    bool sustained = false;  // Enough voiced frames close together: no click, no cough.
  };

  Result Hear(Audio audio);

  bool speaking() const { return speaking_; }

 private:
  Result OnFrame();

  int64_t sum_ = 0;
  int count_ = 0;
  int64_t floor_ = 400;  // Mean square; 20 of 32768, the noise of a quiet line.
  int evidence_ = 0;
  int quiet_frames_ = 0;
  bool speaking_ = false;
  bool voiced_ = false;
};

}  // namespace latchkey::media
