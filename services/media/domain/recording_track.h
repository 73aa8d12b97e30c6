// RecordingTrack: puts both sides of a call side by side for the recording.
#pragma once

#include <array>
#include <cstdint>

#include "services/media/domain/mouth.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// The callee's audio sets the pace; the agent's is what was heard meanwhile. What the carrier
// leaves out is silence. Allocates nothing.
class RecordingTrack {
 public:
  // Null: nothing is recorded.
  explicit RecordingTrack(Recorder* recorder) : recorder_(recorder) {}

  // The callee's audio from `start` on the carrier's clock.
  void OnAudio(int64_t start, Audio audio, Mouth& mouth);

 private:
  static constexpr size_t kPieceBytes = 160;

  Recorder* recorder_;
  int64_t position_ = 0;
  std::array<uint8_t, kPieceBytes> agent_{};
};

}  // namespace latchkey::media
