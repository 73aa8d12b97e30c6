#include "sandbox/speech/line_noise.h"

#include <gmock/gmock.h>

#include <vector>

#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {
namespace {

std::vector<uint8_t> Silence(size_t samples) { return std::vector<uint8_t>(samples, 0xFF); }

TEST(LineNoiseTest, IsAsManyDecibelsBelowSpeechAsItShould) {
  const LineNoise noise(3000, 10, 1);
  std::vector<uint8_t> line = Silence(16'000);

  noise.Mix(line, 0);

  EXPECT_NEAR(SpeechRms(line), 3000 / 3.162, 60);
}

TEST(LineNoiseTest, IsTheSameAtTheSamePlace) {
  const LineNoise noise(3000, 20, 5);
  std::vector<uint8_t> whole = Silence(480), part = Silence(160);

  noise.Mix(whole, 1000);
  noise.Mix(part, 1160);

  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + 160));
}

TEST(LineNoiseTest, CallsHaveNoisesOfTheirOwn) {
  std::vector<uint8_t> one = Silence(160), other = Silence(160);

  LineNoise(3000, 20, 5).Mix(one, 0);
  LineNoise(3000, 20, 77).Mix(other, 0);

  EXPECT_NE(one, other);
}

// Steady noise is not speech, once the line is known.
TEST(LineNoiseTest, AVoiceDetectorGetsUsedToIt) {
  const LineNoise noise(3000, 14, 1);
  std::vector<uint8_t> line = Silence(8000 * 4);
  noise.Mix(line, 0);

  VoiceDetector detector;
  int late = 0;  // Of 125 frames.
  for (size_t at = 0; at < line.size(); at += kFrameSamples) {
    const bool voiced = detector.OnFrame(std::span(line).subspan(at, kFrameSamples));
    if (at >= 8000 * 3 / 2 && voiced) ++late;
  }
  EXPECT_LE(late, 3);
}

}  // namespace
}  // namespace latchkey::sandbox
