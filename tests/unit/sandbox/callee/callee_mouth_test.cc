#include "sandbox/callee/callee_mouth.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace latchkey::sandbox {
namespace {

std::shared_ptr<const Speech> Sound(size_t bytes, uint8_t sample = 0x10) {
  return std::make_shared<const Speech>(Speech{std::vector<uint8_t>(bytes, sample), {}});
}

auto Count(const Frame& frame, uint8_t sample) { return std::ranges::count(frame, sample); }

TEST(CalleeMouthTest, BreaksOffInMidWordAndHangsUp) {
  CalleeMouth mouth(false);
  const CalleeLine line = {.say = "Hi", .cut = absl::Milliseconds(30), .hang_up = true};

  mouth.Begin(line, Sound(8000));
  const CalleeMouth::Said first = mouth.Next();
  const CalleeMouth::Said second = mouth.Next();

  EXPECT_EQ(Count(first.frame, 0x10), 160);
  EXPECT_FALSE(first.hangs_up);
  EXPECT_EQ(Count(second.frame, 0x10), 80);  // 30 ms in all, to the sample.
  EXPECT_TRUE(second.hangs_up);
}

TEST(CalleeMouthTest, PressesKeysOneAfterTheOther) {
  CalleeMouth mouth(false);
  mouth.Begin({.press = "12"}, nullptr);

  std::string pressed;
  int frames = 0;
  for (; mouth.busy(); ++frames) {
    const CalleeMouth::Said said = mouth.Next();
    if (!said.pressed.empty()) pressed += said.pressed + std::to_string(frames) + " ";
    EXPECT_EQ(said.frame, SilentFrame());
  }

  EXPECT_EQ(pressed, "10 210 ");
  EXPECT_EQ(frames, 20);
}

TEST(CalleeMouthTest, KeysCanBeHeardAsTones) {
  CalleeMouth mouth(true);
  mouth.Begin({.press = "5"}, nullptr);

  mouth.Next();
  const CalleeMouth::Said said = mouth.Next();

  EXPECT_TRUE(VoiceDetector::IsLoud(said.frame));
  EXPECT_FALSE(said.is_turn);
}

TEST(CalleeMouthTest, ASoundLastsAsLongAsItShouldAndIsNoTurn) {
  CalleeMouth mouth(false);
  mouth.Begin({.play = CalleeLine::Sound::kBeep, .play_for = absl::Milliseconds(400)}, nullptr);

  int frames = 0;
  for (; mouth.busy(); ++frames) EXPECT_FALSE(mouth.Next().is_turn);

  EXPECT_EQ(frames, 20);
}

TEST(CalleeMouthTest, ALineIsHeardInPlaceOfAMurmur) {
  CalleeMouth mouth(false);
  mouth.Murmur(Sound(480, 0x20));
  EXPECT_EQ(Count(mouth.Next().frame, 0x20), 160);
  EXPECT_FALSE(mouth.busy());

  mouth.Begin({.say = "Hi"}, Sound(160));
  const CalleeMouth::Said said = mouth.Next();

  EXPECT_EQ(Count(said.frame, 0x10), 160);
  EXPECT_TRUE(said.is_turn);
  EXPECT_EQ(Count(mouth.Next().frame, 0x20), 160);
}

}  // namespace
}  // namespace latchkey::sandbox
