// Keys, in and out.
#include "services/media/domain/keypad.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "services/media/domain/dtmf.h"
#include "services/media/domain/mulaw.h"

namespace latchkey::media {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

TEST(KeypadTest, KeysBelongTogetherUntilAPause) {
  Keypad keypad;
  keypad.Press('1', kNow);
  keypad.Press('2', kNow + absl::Milliseconds(1'900));

  EXPECT_EQ(keypad.Take(kNow + absl::Milliseconds(3'800)), std::nullopt);
  EXPECT_EQ(keypad.Take(kNow + absl::Milliseconds(3'900)), "12");
  EXPECT_EQ(keypad.Take(kNow + absl::Seconds(60)), std::nullopt);
}

TEST(KeypadTest, AHashEndsThemAtOnce) {
  Keypad keypad;
  keypad.Press('4', kNow);
  keypad.Press('#', kNow);

  EXPECT_EQ(keypad.Take(kNow), "4#");
}

TEST(KeypadTest, WhatIsNoKeyIsNothing) {
  Keypad keypad;
  keypad.Press('x', kNow);
  keypad.Press('\0', kNow);

  EXPECT_FALSE(keypad.waiting());
}

TEST(KeypadTest, SomebodyWhoLeansOnTheKeysIsBounded) {
  Keypad keypad;
  for (int i = 0; i < 64; ++i) keypad.Press('5', kNow);

  EXPECT_EQ(keypad.Take(kNow)->size(), 64u);
}

TEST(KeypadTest, TheModelReadsKeysOneByOne) {
  EXPECT_EQ(KeysText("12#"), "[Pressed on the keypad: 1 2 #]");
}

// How much of `hz` is in the first tone (Goertzel).
double PowerAt(const std::vector<uint8_t>& audio, double hz) {
  const double k = 2 * std::cos(2 * std::numbers::pi * hz / 8'000);
  double before = 0, last = 0;
  for (size_t i = 0; i < 800; ++i) {
    const double next = LinearOf(audio[i]) + k * last - before;
    before = last;
    last = next;
  }
  return before * before + last * last - k * before * last;
}

TEST(DtmfTest, AKeyIsItsTwoTonesAndAPause) {
  const std::vector<uint8_t> audio = MakeTones("5");

  ASSERT_EQ(audio.size(), 1'440u);
  for (const double other : {697.0, 852.0, 941.0, 1'209.0, 1'477.0, 1'633.0}) {
    EXPECT_GT(PowerAt(audio, 770), 50 * PowerAt(audio, other)) << other;
    EXPECT_GT(PowerAt(audio, 1'336), 50 * PowerAt(audio, other)) << other;
  }
  EXPECT_EQ(audio.back(), kSilence);
  EXPECT_EQ(MakeTones("1x#").size(), 2 * 1'440u);
}

TEST(MulawTest, EveryByteIsItsOwnNearest) {
  for (int byte = 0; byte < 256; ++byte) {
    const int16_t worth = LinearOf(static_cast<uint8_t>(byte));
    EXPECT_EQ(LinearOf(MulawOf(worth)), worth) << byte;
  }
}

}  // namespace
}  // namespace latchkey::media
