// What the tests of speech share: the demo's lines, their sound, and noises.
#pragma once

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <memory>
#include <numbers>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "sandbox/scenario/scenario.h"
#include "sandbox/speech/flite_voices.h"
#include "sandbox/speech/mulaw.h"
#include "sandbox/speech/recognizer.h"
#include "tests/support/await.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {

inline std::vector<std::string> DemoLines() {
  std::ifstream file(std::string(SCENARIO_FOLDER) + "/demo.json");
  std::ostringstream text;
  text << file.rdbuf();
  return ParseScenario(text.str())->CalleeLines();
}

// Further sentences of the kind that scenarios use.
inline std::vector<std::string> MoreLines() {
  return {"Hello, this is Maria speaking.",
          "Sorry, wait a moment.",
          "Yes, please.",
          "I would like to speak to the billing department.",
          "What does the cleaning cost?",
          "Could you repeat the address for me?",
          "My name is Jonathan Miller and my number is five five five zero one nine nine.",
          "Please send me the invoice by email.",
          "I am not interested, do not call me again."};
}

inline std::vector<std::string> AllLines() {
  std::vector<std::string> lines = DemoLines();
  for (std::string& line : MoreLines()) lines.push_back(std::move(line));
  return lines;
}

inline std::vector<uint8_t> Spoken(std::string_view voice, const std::string& text) {
  return SpeakWithFlite(voice, text)->mulaw;
}

inline std::vector<uint8_t> Silence(size_t samples) {
  return std::vector<uint8_t>(samples, uint8_t{0xFF});
}

enum class Noise { kWhite, kLow, kTone };

inline std::vector<uint8_t> MakeNoise(Noise kind, double amplitude, unsigned seed) {
  std::mt19937 dice(seed);
  std::normal_distribution<double> normal(0, 1);
  std::vector<int16_t> samples;
  double low = 0;
  for (int i = 0; i < 24'000; ++i) {
    const double white = normal(dice);
    low = 0.95 * low + 0.3 * white;
    const double hz = 300 + 200 * (i / 4000 % 3);
    const double tone = std::sin(2 * std::numbers::pi * hz * i / 8000);
    const double value = kind == Noise::kWhite ? white : kind == Noise::kLow ? low : tone;
    samples.push_back(static_cast<int16_t>(std::clamp(value * amplitude, -32'000.0, 32'000.0)));
  }
  return EncodeMulaw(samples);
}

// Gives the recognizer one utterance in pieces of 20 ms, as it comes from a telephone.
inline Recognized Recognize(boost::asio::io_context& io, Recognizer& recognizer,
                            const std::vector<uint8_t>& mulaw) {
  const std::unique_ptr<Recognition> recognition = recognizer.Start();
  for (size_t at = 0; at < mulaw.size(); at += 160) {
    const size_t size = std::min<size_t>(160, mulaw.size() - at);
    recognition->Push(std::span(mulaw).subspan(at, size));
  }
  absl::StatusOr<Recognized> recognized = Await(io, recognition->Finish());
  EXPECT_THAT(recognized, IsOk());
  return recognized.ok() ? *recognized : Recognized{};
}

}  // namespace latchkey::sandbox
