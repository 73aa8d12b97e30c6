#include "sandbox/speech/line_noise.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "sandbox/speech/mulaw.h"
#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {
namespace {

constexpr float kLowPass = 0.15F;        // 200 Hz, at 8000 samples a second.
constexpr size_t kLoopSamples = 39'989;  // Five seconds; prime, so that no rhythm is heard.

// Falls by 12 dB an octave above 200 Hz, as the noise of traffic and of rooms does. Its RMS is 1.
std::vector<float> MakeLoop() {
  std::minstd_rand dice(3);
  std::normal_distribution<float> white;
  std::vector<float> loop(kLoopSamples);
  float low = 0, lower = 0;
  double sum = 0;
  for (float& sample : loop) {
    low += kLowPass * (white(dice) - low);
    lower += kLowPass * (low - lower);
    sample = lower;
    sum += double{lower} * double{lower};
  }
  const auto gain = static_cast<float>(1 / std::sqrt(sum / static_cast<double>(kLoopSamples)));
  for (float& sample : loop) sample *= gain;
  return loop;
}

const std::vector<float>& Loop() {
  static const std::vector<float> loop = MakeLoop();
  return loop;
}

}  // namespace

LineNoise::LineNoise(double speech_rms, int snr_db, uint64_t seed)
    : rms_(speech_rms / std::pow(10.0, snr_db / 20.0)), offset_(seed % kLoopSamples) {}

void LineNoise::Mix(std::span<uint8_t> mulaw, int64_t position) const {
  const std::vector<float>& loop = Loop();
  size_t at = (offset_ + static_cast<uint64_t>(position)) % kLoopSamples;
  for (uint8_t& byte : mulaw) {
    const double mixed = DecodeMulaw(byte) + rms_ * double{loop[at]};
    byte = EncodeMulaw(static_cast<int16_t>(std::clamp(mixed, -32000.0, 32000.0)));
    if (++at == kLoopSamples) at = 0;
  }
}

double SpeechRms(std::span<const uint8_t> mulaw) {
  double sum = 0;
  size_t count = 0;
  for (; mulaw.size() >= kFrameSamples; mulaw = mulaw.subspan(kFrameSamples)) {
    const auto frame = mulaw.first(kFrameSamples);
    if (!VoiceDetector::IsLoud(frame)) continue;
    for (const uint8_t byte : frame) sum += std::pow(DecodeMulaw(byte), 2);
    count += frame.size();
  }
  return count == 0 ? 0 : std::sqrt(sum / static_cast<double>(count));
}

}  // namespace latchkey::sandbox
