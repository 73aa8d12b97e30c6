#include "sandbox/callee/callee_phone.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <span>

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

  EXPECT_EQ(phone.OnFrame(SilentFrame(), 0).said, SilentFrame());
  Frame whole;
  whole.fill(0x10);
  EXPECT_EQ(phone.OnFrame(SilentFrame(), 0).said, whole);
  Frame rest = SilentFrame();
  std::fill_n(rest.begin(), 40, uint8_t{0x10});
  EXPECT_EQ(phone.OnFrame(SilentFrame(), 0).said, rest);
  EXPECT_EQ(phone.OnFrame(SilentFrame(), 0).said, SilentFrame());
}

TEST(CalleePhoneTest, AClickIsNotAWordOfTheAgents) {
  CalleePhone phone(CalleeWith({.hang_up = true,
                                .when = CalleeLine::When::kAgentStops,
                                .after = absl::Milliseconds(100)}),
                    {});

  phone.OnFrame(LoudFrame(), kFrameSamples);
  bool hung_up = false;
  for (int i = 0; i < 50; ++i) hung_up |= phone.OnFrame(SilentFrame(), 0).hangs_up;
  EXPECT_FALSE(hung_up);

  for (int i = 0; i < 10; ++i) phone.OnFrame(LoudFrame(), kFrameSamples);
  for (int i = 0; i < 50; ++i) hung_up |= phone.OnFrame(SilentFrame(), 0).hangs_up;
  EXPECT_TRUE(hung_up);
}

TEST(CalleePhoneTest, RecordsTheCalleeLeftAndTheAgentRight) {
  CalleePhone phone(
      CalleeWith({.say = "Hi", .when = CalleeLine::When::kAnyTime, .after = absl::ZeroDuration()}),
      {{"Hi", Sound(160)}});

  phone.OnFrame(LoudFrame(), kFrameSamples);

  const std::string wav = phone.recording().Wav();
  constexpr size_t kHeader = 58;
  ASSERT_EQ(wav.size(), kHeader + 320);
  EXPECT_EQ(wav.substr(0, 4), "RIFF");
  EXPECT_EQ(wav[kHeader], 0x10);
  EXPECT_EQ(static_cast<uint8_t>(wav[kHeader + 1]), LoudFrame()[0]);
  EXPECT_EQ(static_cast<uint8_t>(wav[kHeader + 3]), LoudFrame()[1]);
}

TEST(CalleePhoneTest, TheRawRecordingIsWhatTheCarrierPlayedSampleForSample) {
  CalleePhone phone(CalleeWith({.when = CalleeLine::When::kAnyTime}), {});

  phone.OnFrame(LoudFrame(), kFrameSamples);
  phone.OnFrame(SilentFrame(), 0);

  const std::string raw = phone.recording().AgentMulaw();
  const Frame loud = LoudFrame(), silent = SilentFrame();
  ASSERT_EQ(raw.size(), 320u);
  EXPECT_TRUE(
      std::ranges::equal(std::as_bytes(std::span(raw)).first(160), std::as_bytes(std::span(loud))));
  EXPECT_TRUE(std::ranges::equal(std::as_bytes(std::span(raw)).last(160),
                                 std::as_bytes(std::span(silent))));
}

TEST(CalleePhoneTest, NoiseLiesOverWhatIsSaidAndHeardButNotOverTheTruth) {
  Callee callee = CalleeWith({.say = "Hi", .when = CalleeLine::When::kAnyTime});
  callee.noise_snr_db = 12;
  CalleePhone phone(callee, {{"Hi", Sound(16'000)}});

  const CalleePhone::Answer silent = phone.OnFrame(SilentFrame(), 0);
  for (int i = 0; i < 40; ++i) phone.OnFrame(SilentFrame(), 0);

  EXPECT_NE(silent.said, SilentFrame());
  EXPECT_EQ(phone.recording().AgentMulaw(), std::string(41 * 160, '\xFF'));
  const std::string wav = phone.recording().Wav();
  EXPECT_NE(wav.substr(wav.size() - 320), std::string(320, '\xFF'));
  // The judge looks at words, not at the room.
  const Judgement judgement = phone.Judge();
  ASSERT_EQ(judgement.speech.size(), 1u);
  EXPECT_EQ(judgement.speech[0].who, Spoken::Who::kCallee);
}

TEST(CalleePhoneTest, AMurmurIsSaidWhileTheAgentSpeaksAndIsNoTurn) {
  Callee callee;
  callee.backchannel = {.say = "Mhm", .every = absl::Milliseconds(400)};
  callee.lines = {{.say = "Yes", .after = absl::Milliseconds(200)}};
  CalleePhone phone(callee, {{"Mhm", Sound(320)}, {"Yes", Sound(160)}});

  int murmured = 0;
  for (int i = 0; i < 50; ++i) {
    if (phone.OnFrame(LoudFrame(), kFrameSamples).said != SilentFrame()) ++murmured;
  }
  bool answered = false;
  for (int i = 0; i < 20; ++i) answered |= phone.OnFrame(SilentFrame(), 0).said != SilentFrame();

  EXPECT_EQ(murmured, 4);  // Twice two frames: after 400 and 800 ms of one second.
  EXPECT_TRUE(answered);   // The script goes on as if nothing had been said.
  const Judgement judgement = phone.Judge();
  EXPECT_TRUE(judgement.barge_in.empty());
  EXPECT_EQ(std::ranges::count(judgement.speech, Spoken::Who::kAside, &Spoken::who), 1);
}

TEST(CalleePhoneTest, DoesNotRecordUnderLoad) {
  Callee callee;
  callee.record = false;
  CalleePhone phone(callee, {});

  phone.OnFrame(LoudFrame(), kFrameSamples);

  EXPECT_EQ(phone.recording().frames(), 0u);
  EXPECT_EQ(phone.Judge().frames_heard, 1);
}

}  // namespace
}  // namespace latchkey::sandbox
