#include "sandbox/speech/hearing.h"

#include "tests/unit/sandbox/speech/speech_fixture.h"

namespace latchkey::sandbox {
namespace {

// Keeps what it is given.
class KeepingRecognizer final : public Recognizer {
 public:
  class Keeping final : public Recognition {
   public:
    explicit Keeping(std::vector<uint8_t>& audio) : audio_(audio) {}
    void Push(std::span<const uint8_t> mulaw) override {
      audio_.insert(audio_.end(), mulaw.begin(), mulaw.end());
    }
    Task<absl::StatusOr<Recognized>> SoFar() override { co_return Recognized{}; }
    Task<absl::StatusOr<Recognized>> Finish() override { co_return Recognized{}; }

   private:
    std::vector<uint8_t>& audio_;
  };

  std::unique_ptr<Recognition> Start() override {
    heard.emplace_back(std::make_unique<std::vector<uint8_t>>());
    return std::make_unique<Keeping>(*heard.back());
  }

  std::vector<std::unique_ptr<std::vector<uint8_t>>> heard;
};

class HearingTest : public ::testing::Test {
 protected:
  std::vector<Hearing::Event> Push(const std::vector<uint8_t>& mulaw) {
    std::vector<Hearing::Event> all;
    for (size_t at = 0; at < mulaw.size(); at += 70) {  // Not a frame.
      const size_t size = std::min<size_t>(70, mulaw.size() - at);
      for (Hearing::Event& event : hearing_.Push(std::span(mulaw).subspan(at, size))) {
        all.push_back(std::move(event));
      }
    }
    return all;
  }

  KeepingRecognizer recognizer_;
  Hearing hearing_{recognizer_, {.pause = absl::Milliseconds(300)}};
};

TEST_F(HearingTest, SilenceIsNothing) {
  EXPECT_TRUE(Push(Silence(16'000)).empty());
  EXPECT_FALSE(hearing_.Flush().has_value());
  EXPECT_EQ(hearing_.position(), absl::Seconds(2));
}

TEST_F(HearingTest, AnUtteranceEndsAfterThePauseAndKnowsWhereItWas) {
  std::vector<uint8_t> audio = Silence(8000);
  const std::vector<uint8_t> tone = MakeNoise(Noise::kTone, 3000, 1);
  audio.insert(audio.end(), tone.begin(), tone.begin() + 8000);
  Push(audio);
  const std::vector<Hearing::Event> early = Push(Silence(2000));
  const std::vector<Hearing::Event> late = Push(Silence(1600));

  EXPECT_TRUE(early.empty());
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(late[0].kind, Hearing::Event::kUtteranceEnded);
  EXPECT_NEAR(absl::ToDoubleSeconds(late[0].end), 2.0, 0.05);
  EXPECT_NEAR(absl::ToDoubleSeconds(late[0].start), 0.8, 0.15);
  ASSERT_EQ(recognizer_.heard.size(), 1u);
  EXPECT_GE(recognizer_.heard[0]->size(), 8000u);
}

TEST_F(HearingTest, SpeechIsToldWhenItStartsAndFlushEndsIt) {
  std::vector<uint8_t> tone = MakeNoise(Noise::kTone, 3000, 1);
  tone.resize(4000);

  const std::vector<Hearing::Event> events = Push(tone);

  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Hearing::Event::kSpeechStarted);
  std::optional<Hearing::Event> ended = hearing_.Flush();
  ASSERT_TRUE(ended.has_value());
  EXPECT_NE(ended->recognition, nullptr);
  EXPECT_FALSE(hearing_.Flush().has_value());
}

TEST_F(HearingTest, AClickIsNotSpeech) {
  std::vector<uint8_t> audio = Silence(8000);
  for (size_t i = 4000; i < 4160; ++i) audio[i] = i % 2 == 0 ? 0x90 : 0x10;

  EXPECT_TRUE(Push(audio).empty());
}

TEST_F(HearingTest, TwoUtterancesAreTwo) {
  std::vector<uint8_t> audio = MakeNoise(Noise::kTone, 3000, 1);
  const std::vector<uint8_t> pause = Silence(4000);
  std::vector<uint8_t> both = audio;
  both.insert(both.end(), pause.begin(), pause.end());
  both.insert(both.end(), audio.begin(), audio.end());
  both.insert(both.end(), pause.begin(), pause.end());

  EXPECT_EQ(Push(both).size(), 4u);
  EXPECT_EQ(recognizer_.heard.size(), 2u);
}

TEST_F(HearingTest, ALineOfTheDemosIsNotCutWhereItsSpeakerDrawsBreath) {
  for (const std::string& line : DemoLines()) {
    std::vector<uint8_t> audio = Spoken("rms", line);
    audio.resize(audio.size() + 8000, uint8_t{0xFF});

    EXPECT_EQ(Push(audio).size(), 2u) << line;  // Its start and its end.
  }
}

}  // namespace
}  // namespace latchkey::sandbox
