#include "sandbox/speech/mulaw.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace latchkey::sandbox {
namespace {

TEST(MulawTest, KnowsTheStandardsCorners) {
  EXPECT_EQ(EncodeMulaw(int16_t{0}), 0xFF);
  EXPECT_EQ(EncodeMulaw(int16_t{32767}), 0x80);
  EXPECT_EQ(EncodeMulaw(int16_t{-32768}), 0x00);
  EXPECT_EQ(DecodeMulaw(uint8_t{0x80}), 32124);
  EXPECT_EQ(DecodeMulaw(uint8_t{0x00}), -32124);
  EXPECT_EQ(DecodeMulaw(uint8_t{0xFF}), 0);
}

TEST(MulawTest, EveryCodeSurvivesBothWays) {
  for (int code = 0; code < 256; ++code) {
    if (code == 0x7F) continue;  // The negative zero becomes the positive one.
    EXPECT_EQ(EncodeMulaw(DecodeMulaw(static_cast<uint8_t>(code))), code);
  }
}

TEST(MulawTest, TheErrorIsBelowASixteenthOfTheSample) {
  for (int sample = -32'000; sample <= 32'000; sample += 7) {
    const int back = DecodeMulaw(EncodeMulaw(static_cast<int16_t>(sample)));
    EXPECT_LE(std::abs(back - sample), std::abs(sample) / 16 + 8) << sample;
  }
}

}  // namespace
}  // namespace latchkey::sandbox
