#include "sandbox/speech/voice_detector.h"

#include <algorithm>
#include <array>
#include <bit>

#include "sandbox/speech/mulaw.h"

namespace latchkey::sandbox {
namespace {

constexpr int kSecond = 1000 / kFrameMs;
constexpr int64_t kLeast = VoiceDetector::kVoicedRms * VoiceDetector::kVoicedRms;
// Speech has six times the energy of the quietest noise around it: 8 dB.
constexpr int64_t kAboveNoise = 6;
// What is louder than this is never taken for noise, however long it lasts.
constexpr int64_t kMost = 1500 * 1500;

std::array<int64_t, 256> MakeEnergies() {
  std::array<int64_t, 256> energies{};
  for (size_t byte = 0; byte < energies.size(); ++byte) {
    const int64_t sample = DecodeMulaw(static_cast<uint8_t>(byte));
    energies[byte] = sample * sample;
  }
  return energies;
}

const std::array<int64_t, 256> kEnergies = MakeEnergies();

// The mean square of its samples.
int64_t Energy(std::span<const uint8_t> frame) {
  int64_t sum = 0;
  for (const uint8_t byte : frame) sum += kEnergies[byte];
  return frame.empty() ? 0 : sum / static_cast<int64_t>(frame.size());
}

}  // namespace

bool VoiceDetector::IsLoud(std::span<const uint8_t> frame) { return Energy(frame) > kLeast; }

void VoiceDetector::FollowNoise(int64_t energy) {
  quietest_now_ = std::min(quietest_now_, energy);
  if (++frames_ < kSecond) return;
  quietest_before_ = quietest_now_;
  quietest_now_ = INT64_MAX;
  frames_ = 0;
}

bool VoiceDetector::OnFrame(std::span<const uint8_t> frame) {
  const int64_t energy = Energy(frame);
  const int64_t noise = std::min(quietest_now_, quietest_before_);
  const bool loud = energy > std::clamp(noise * kAboveNoise, kLeast, kMost);
  FollowNoise(energy);
  history_ = static_cast<uint8_t>((history_ << 1 | (loud ? 1 : 0)) & 15);
  return std::popcount(history_) >= kLoudFramesMin;
}

}  // namespace latchkey::sandbox
