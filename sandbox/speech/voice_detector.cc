#include "sandbox/speech/voice_detector.h"

#include <bit>

#include "sandbox/speech/mulaw.h"

namespace latchkey::sandbox {

bool VoiceDetector::IsLoud(std::span<const uint8_t> frame) {
  double sum = 0;
  for (uint8_t byte : frame) {
    const double sample = DecodeMulaw(byte);
    sum += sample * sample;
  }
  return sum > kVoicedRms * kVoicedRms * static_cast<double>(frame.size());
}

bool VoiceDetector::OnFrame(std::span<const uint8_t> frame) {
  history_ = static_cast<uint8_t>((history_ << 1 | (IsLoud(frame) ? 1 : 0)) & 15);
  return std::popcount(history_) >= kLoudFramesMin;
}

}  // namespace latchkey::sandbox
