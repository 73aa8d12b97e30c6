#include "sandbox/speech/sounds.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>
#include <span>

#include "sandbox/speech/mulaw.h"
#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {
namespace {

// How much of one frequency there is, as Goertzel does: the usual way to find a key.
double Power(std::span<const uint8_t> mulaw, double hertz) {
  double real = 0, imaginary = 0;
  for (size_t i = 0; i < mulaw.size(); ++i) {
    const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / 8000;
    real += DecodeMulaw(mulaw[i]) * std::cos(angle);
    imaginary += DecodeMulaw(mulaw[i]) * std::sin(angle);
  }
  return (real * real + imaginary * imaginary) / static_cast<double>(mulaw.size());
}

TEST(SoundsTest, AKeyHasItsTwoTonesAndNoOthers) {
  const std::vector<uint8_t> tone = MakeKeyTone('5', absl::Milliseconds(100));

  ASSERT_EQ(tone.size(), 800u);
  const double least = std::min(Power(tone, 770), Power(tone, 1336));
  for (const double other : {697.0, 852.0, 941.0, 1209.0, 1477.0, 1633.0}) {
    EXPECT_GT(least, 100 * Power(tone, other)) << other;
  }
}

TEST(SoundsTest, WhatIsNoKeyIsSilent) {
  EXPECT_EQ(MakeKeyTone('x', absl::Milliseconds(20)), std::vector<uint8_t>(160, kMulawSilence));
}

TEST(SoundsTest, ABeepIsOneClearTone) {
  const std::vector<uint8_t> beep = MakeSound(CalleeLine::Sound::kBeep, absl::Milliseconds(400));

  EXPECT_EQ(beep.size(), 3200u);
  EXPECT_GT(Power(beep, 1000), 1000 * Power(beep, 700));
}

TEST(SoundsTest, ACoughIsLoudAndDiesAway) {
  const std::vector<uint8_t> cough = MakeSound(CalleeLine::Sound::kCough, absl::Milliseconds(400));

  EXPECT_TRUE(VoiceDetector::IsLoud(std::span(cough).first(160)));
  EXPECT_EQ(cough, MakeSound(CalleeLine::Sound::kCough, absl::Milliseconds(400)));
  EXPECT_GT(Power(std::span(cough).first(800), 2000), Power(std::span(cough).last(800), 2000));
}

TEST(SoundsTest, ATelevisionIsLoudEnoughForSpeech) {
  const std::vector<uint8_t> voices = MakeSound(CalleeLine::Sound::kTelevision, absl::Seconds(1));

  VoiceDetector detector;
  int voiced = 0;
  for (size_t at = 0; at < voices.size(); at += kFrameSamples) {
    voiced += detector.OnFrame(std::span(voices).subspan(at, kFrameSamples)) ? 1 : 0;
  }
  EXPECT_GT(voiced, 20);
}

}  // namespace
}  // namespace latchkey::sandbox
