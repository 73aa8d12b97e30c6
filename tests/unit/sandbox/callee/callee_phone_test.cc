#include "sandbox/callee/callee_phone.h"

#include <gmock/gmock.h>

#include "sandbox/speech/mulaw.h"

namespace latchkey::sandbox {
namespace {

Frame LoudFrame() {
  Frame frame;
  for (size_t i = 0; i < frame.size(); ++i) {
    frame[i] = EncodeMulaw(static_cast<int16_t>(i % 2 == 0 ? 6000 : -6000));
  }
  return frame;
}

// A line of `bytes` samples, all the same and easy to recognise.
std::shared_ptr<const Speech> Sound(size_t bytes) {
  return std::make_shared<const Speech>(Speech{std::vector<uint8_t>(bytes, 0x10), {}});
}

Callee CalleeWith(CalleeLine line) {
  Callee callee;
  callee.lines = {std::move(line)};
  return callee;
}

TEST(CalleePhoneTest, SaysItsLineSampleForSampleAndThenIsSilent) {
  CalleePhone phone(
      CalleeWith(
          {.say = "Hi", .when = CalleeLine::When::kAnyTime, .after = absl::Milliseconds(40)}),
      {{"Hi", Sound(200)}});

  EXPECT_EQ(phone.OnFrame(SilentFrame(), false).said, SilentFrame());
  Frame whole;
  whole.fill(0x10);
  EXPECT_EQ(phone.OnFrame(SilentFrame(), false).said, whole);
  Frame rest = SilentFrame();
  std::fill_n(rest.begin(), 40, uint8_t{0x10});
  EXPECT_EQ(phone.OnFrame(SilentFrame(), false).said, rest);
  EXPECT_EQ(phone.OnFrame(SilentFrame(), false).said, SilentFrame());
}

TEST(CalleePhoneTest, AClickIsNotAWordOfTheAgents) {
  CalleePhone phone(CalleeWith({.hang_up = true,
                                .when = CalleeLine::When::kAgentStops,
                                .after = absl::Milliseconds(100)}),
                    {});

  phone.OnFrame(LoudFrame(), true);
  bool hung_up = false;
  for (int i = 0; i < 50; ++i) hung_up |= phone.OnFrame(SilentFrame(), false).hangs_up;
  EXPECT_FALSE(hung_up);

  for (int i = 0; i < 10; ++i) phone.OnFrame(LoudFrame(), true);
  for (int i = 0; i < 50; ++i) hung_up |= phone.OnFrame(SilentFrame(), false).hangs_up;
  EXPECT_TRUE(hung_up);
}

TEST(CalleePhoneTest, RecordsTheCalleeLeftAndTheAgentRight) {
  CalleePhone phone(
      CalleeWith({.say = "Hi", .when = CalleeLine::When::kAnyTime, .after = absl::ZeroDuration()}),
      {{"Hi", Sound(160)}});

  phone.OnFrame(LoudFrame(), true);

  const std::string wav = phone.Recording();
  constexpr size_t kHeader = 58;
  ASSERT_EQ(wav.size(), kHeader + 320);
  EXPECT_EQ(wav.substr(0, 4), "RIFF");
  EXPECT_EQ(wav[kHeader], 0x10);
  EXPECT_EQ(static_cast<uint8_t>(wav[kHeader + 1]), LoudFrame()[0]);
  EXPECT_EQ(static_cast<uint8_t>(wav[kHeader + 3]), LoudFrame()[1]);
}

}  // namespace
}  // namespace latchkey::sandbox
