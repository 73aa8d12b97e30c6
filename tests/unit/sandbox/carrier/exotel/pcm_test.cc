#include "sandbox/carrier/exotel/pcm.h"

#include <gtest/gtest.h>

#include <numeric>

#include "sandbox/speech/mulaw.h"
#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox::exotel {
namespace {

TEST(PcmTest, EveryRateTakesItsBytesAndGivesTheSameSamplesBack) {
  std::vector<uint8_t> mulaw(160);
  std::iota(mulaw.begin(), mulaw.end(), uint8_t{0});
  mulaw[0x7f] = kMulawSilence;  // Mu-law has two zeros; this one comes back.

  EXPECT_EQ(ToPcm(mulaw, 8000).size(), 320u);
  EXPECT_EQ(ToPcm(mulaw, 16'000).size(), 640u);
  EXPECT_EQ(ToPcm(mulaw, 24'000).size(), 960u);
  EXPECT_EQ(ToMulaw(ToPcm(mulaw, 8000), 8000), mulaw);
}

TEST(PcmTest, ASlowToneSurvivesTheFastRates) {
  std::vector<int16_t> tone;
  for (int i = 0; i < 160; ++i) tone.push_back(static_cast<int16_t>((i % 40 < 20 ? 1 : -1) * 8000));
  const std::vector<uint8_t> mulaw = EncodeMulaw(tone);

  for (const int rate : {16'000, 24'000}) {
    const std::vector<int16_t> heard = DecodeMulaw(ToMulaw(ToPcm(mulaw, rate), rate));
    ASSERT_EQ(heard.size(), tone.size());
    EXPECT_NEAR(heard[10], tone[10], 600) << rate;
    EXPECT_NEAR(heard[30], tone[30], 600) << rate;
  }
}

TEST(PcmTest, AHalfSampleIsLeftOut) {
  EXPECT_EQ(ToMulaw(std::vector<uint8_t>{0, 0, 0}, 8000), std::vector<uint8_t>{kMulawSilence});
}

}  // namespace
}  // namespace latchkey::sandbox::exotel
