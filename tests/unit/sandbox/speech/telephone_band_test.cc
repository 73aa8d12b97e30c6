#include "sandbox/speech/telephone_band.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

namespace latchkey::sandbox {
namespace {

std::vector<int16_t> Tone(double hz, double rate_hz) {
  std::vector<int16_t> samples;
  for (int i = 0; i < static_cast<int>(rate_hz); ++i) {
    const double value = 10'000 * std::sin(2 * std::numbers::pi * hz * i / rate_hz);
    samples.push_back(static_cast<int16_t>(value));
  }
  return samples;
}

// Of the middle, where no filter is still filling.
double Rms(const std::vector<int16_t>& samples) {
  double sum = 0;
  const size_t quarter = samples.size() / 4;
  for (size_t i = quarter; i < 3 * quarter; ++i) sum += std::pow(samples[i], 2);
  return std::sqrt(sum / static_cast<double>(2 * quarter));
}

TEST(TelephoneBandTest, NarrowingKeepsSpeechAndHalvesTheSamples) {
  const std::vector<int16_t> narrow = NarrowBand(Tone(1000, 16'000));

  EXPECT_EQ(narrow.size(), 8000u);
  EXPECT_NEAR(Rms(narrow), 7071, 100);
}

TEST(TelephoneBandTest, NarrowingLetsNothingFoldDown) {
  EXPECT_LT(Rms(NarrowBand(Tone(4500, 16'000))), 20);
  EXPECT_LT(Rms(NarrowBand(Tone(7000, 16'000))), 20);
}

TEST(TelephoneBandTest, WideningDoublesTheSamplesAndKeepsWhatWasThere) {
  WideBand wide_band;
  const std::vector<int16_t> wide = wide_band.Push(Tone(1000, 8000));

  EXPECT_EQ(wide.size(), 16'000u);
  EXPECT_NEAR(Rms(NarrowBand(wide)), 7071, 300);
}

TEST(TelephoneBandTest, WideningFillsTheUpperBand) {
  WideBand wide_band;
  const std::vector<int16_t> wide = wide_band.Push(Tone(1500, 8000));
  const std::vector<int16_t> lower = NarrowBand(wide);

  // What lies above the narrow band is the difference in energy.
  const double upper = std::sqrt(std::pow(Rms(wide), 2) - std::pow(Rms(lower), 2));
  EXPECT_GT(upper, 300);
}

TEST(TelephoneBandTest, PiecesGiveTheSameAsTheWhole) {
  const std::vector<int16_t> tone = Tone(700, 8000);
  WideBand at_once, in_pieces;
  std::vector<int16_t> pieces;
  for (size_t at = 0; at < tone.size(); at += 160) {
    const auto piece = in_pieces.Push(std::span(tone).subspan(at, 160));
    pieces.insert(pieces.end(), piece.begin(), piece.end());
  }

  EXPECT_EQ(at_once.Push(tone), pieces);
}

}  // namespace
}  // namespace latchkey::sandbox
