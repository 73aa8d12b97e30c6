#include "sandbox/speech/synthesizer.h"

#include "sandbox/speech/voice_detector.h"

#include "tests/unit/sandbox/speech/speech_fixture.h"

namespace latchkey::sandbox {
namespace {

class SynthesizerTest : public ::testing::Test {
 protected:
  boost::asio::io_context io_;
  Workers workers_{2};
  Synthesizer synthesizer_{workers_};
};

TEST_F(SynthesizerTest, SpeaksAndTellsWhenEachWordIsSaid) {
  const auto speech = Await(io_, synthesizer_.Speak("slt", "Hello, this is 2 words."));

  ASSERT_THAT(speech, IsOk());
  const Speech& spoken = **speech;
  const double seconds = static_cast<double>(spoken.mulaw.size()) / 8000;
  EXPECT_GT(seconds, 1.0);
  EXPECT_LT(seconds, 3.0);
  ASSERT_EQ(spoken.words.size(), 5u);
  EXPECT_EQ(spoken.words[0].text, "Hello,");
  EXPECT_EQ(spoken.words[3].text, "2");
  for (size_t i = 0; i < spoken.words.size(); ++i) {
    EXPECT_LT(spoken.words[i].start, spoken.words[i].end);
    if (i > 0) EXPECT_GE(spoken.words[i].start, spoken.words[i - 1].end);
  }
  EXPECT_LE(spoken.words.back().end, absl::Seconds(seconds) + absl::Milliseconds(20));
}

TEST_F(SynthesizerTest, BeginsAlmostAtOnce) {
  for (const char* voice : {"slt", "awb", "rms", "kal16"}) {
    const std::vector<uint8_t> mulaw = Spoken(voice, "Hello there.");
    int quiet = 0;
    while (
        !VoiceDetector::IsLoud(std::span(mulaw).subspan(static_cast<size_t>(quiet) * 160, 160))) {
      ++quiet;
    }
    EXPECT_LE(quiet, 2) << voice;
  }
}

TEST_F(SynthesizerTest, TheSameTextIsSpokenOnce) {
  const auto first = Await(io_, synthesizer_.Speak("rms", "Good morning."));
  const auto again = Await(io_, synthesizer_.Speak("rms", "Good morning."));
  const auto other = Await(io_, synthesizer_.Speak("kal16", "Good morning."));

  ASSERT_THAT(other, IsOk());
  EXPECT_EQ(*first, *again);
  EXPECT_NE((*first)->mulaw, (*other)->mulaw);
}

TEST_F(SynthesizerTest, RefusesAVoiceThatItLacksAndEndlessText) {
  EXPECT_THAT(Await(io_, synthesizer_.Speak("nobody", "Hi.")),
              StatusIs(absl::StatusCode::kInvalidArgument, "unknown_voice"));
  EXPECT_THAT(Await(io_, synthesizer_.Speak("slt", std::string(4001, 'a'))),
              StatusIs(absl::StatusCode::kInvalidArgument, "text_too_long"));
}

TEST(WorkersTest, MoreThanTheQueueHoldsIsRefused) {
  boost::asio::io_context io;
  Workers none(1, 0);

  EXPECT_FALSE(none.Post([] {}));
  std::function<absl::StatusOr<int>()> job = [] { return 1; };
  EXPECT_THAT(Await(io, none.Run<int>(job)),
              StatusIs(absl::StatusCode::kResourceExhausted, "speech_queue_full"));
}

}  // namespace
}  // namespace latchkey::sandbox
