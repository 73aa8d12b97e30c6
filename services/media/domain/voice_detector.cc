#include "services/media/domain/voice_detector.h"

#include <algorithm>

#include "services/media/domain/mulaw.h"

namespace latchkey::media {
namespace {

constexpr int kFrameSamples = 160;
// -45 dBFS: below this nobody talks to a telephone (mean square of 184 of 32768).
constexpr int64_t kLeastVoice = 184 * 184;
// Speech is at least 9 dB louder than the noise that it stands in.
constexpr int64_t kAboveFloor = 8;
// A floor above -26 dBFS would make loud speech look like noise.
constexpr int64_t kFloorMax = 1'640 * 1'640 / kAboveFloor;
// Five voiced frames, 100 ms: longer than a click, short enough to stop within 300 ms.
constexpr int kOnsetFrames = 5;
// Between two words of a sentence lies less than this: 400 ms.
constexpr int kQuietFrames = 20;

}  // namespace

VoiceDetector::Result VoiceDetector::Hear(Audio audio) {
  Result result{.voiced = voiced_};
  for (const uint8_t byte : audio) {
    sum_ += kEnergy[byte];
    if (++count_ < kFrameSamples) continue;
    const Result frame = OnFrame();
    result.voiced = frame.voiced;
    result.onset = result.onset || frame.onset;
    result.sustained = result.sustained || frame.sustained;
  }
  return result;
}

VoiceDetector::Result VoiceDetector::OnFrame() {
  const int64_t energy = sum_ / kFrameSamples;
  sum_ = 0;
  count_ = 0;
  voiced_ = energy > std::max(kLeastVoice, floor_ * kAboveFloor);
  // The floor falls at once and rises slowly, and hardly at all while somebody speaks.
  if (energy < floor_) {
    floor_ = std::max<int64_t>(1, (floor_ + energy) / 2);
  } else {
    floor_ = std::min(kFloorMax, floor_ + (energy - floor_) / (voiced_ ? 512 : 32));
  }
  evidence_ = voiced_ ? std::min(evidence_ + 1, kOnsetFrames) : std::max(evidence_ - 1, 0);
  quiet_frames_ = voiced_ ? 0 : quiet_frames_ + 1;
  const bool sustained = voiced_ && evidence_ >= kOnsetFrames;
  const bool onset = !speaking_ && sustained;
  if (onset) speaking_ = true;
  if (quiet_frames_ >= kQuietFrames) speaking_ = false;
  return {.voiced = voiced_, .onset = onset, .sustained = sustained};
}

}  // namespace latchkey::media
