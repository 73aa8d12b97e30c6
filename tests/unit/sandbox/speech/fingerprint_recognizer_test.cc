#include "sandbox/speech/fingerprint_recognizer.h"

#include <map>

#include "sandbox/speech/speech_engines.h"
#include "tests/unit/sandbox/speech/speech_fixture.h"

namespace latchkey::sandbox {
namespace {

class FingerprintRecognizerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    sounds_ = new std::vector<KnownSound>;
    audio_ = new std::map<std::string, std::vector<uint8_t>>;
    for (const std::string& line : AllLines()) {
      // Once for both: flite never speaks a text twice with the same samples.
      const Speech speech = *SpeakWithFlite("rms", line);
      sounds_->emplace_back(line, speech);
      audio_->emplace(line, speech.mulaw);
    }
  }
  static void TearDownTestSuite() {
    delete sounds_;
    delete audio_;
  }

  static Recognized Hear(const std::vector<uint8_t>& mulaw) {
    return RecognizeSound(*sounds_, mulaw);
  }

  static std::vector<KnownSound>* sounds_;
  static std::map<std::string, std::vector<uint8_t>>* audio_;
};

std::vector<KnownSound>* FingerprintRecognizerTest::sounds_ = nullptr;
std::map<std::string, std::vector<uint8_t>>* FingerprintRecognizerTest::audio_ = nullptr;

// The sound, `shift` samples later, between silences.
std::vector<uint8_t> Shifted(const std::vector<uint8_t>& sound, size_t shift) {
  std::vector<uint8_t> mulaw = Silence(800 + shift);
  mulaw.insert(mulaw.end(), sound.begin(), sound.end());
  mulaw.insert(mulaw.end(), 2400, uint8_t{0xFF});
  return mulaw;
}

TEST_F(FingerprintRecognizerTest, RecognizesEveryLineAtAnyAlignment) {
  for (const KnownSound& sound : *sounds_) {
    const std::vector<uint8_t>& mulaw = audio_->at(sound.text);
    for (size_t shift : {0u, 13u, 40u, 77u, 121u}) {
      EXPECT_EQ(Hear(Shifted(mulaw, shift)).text, sound.text) << shift;
    }
  }
}

TEST_F(FingerprintRecognizerTest, SurvivesLostFrames) {
  for (const KnownSound& sound : *sounds_) {
    std::vector<uint8_t> mulaw = Shifted(audio_->at(sound.text), 40);
    // Every 25th frame of 20 ms never came, and nothing was put in its place.
    for (size_t at = mulaw.size() / 4000 * 4000; at >= 4000; at -= 4000) {
      const auto begin = mulaw.begin() + static_cast<ptrdiff_t>(at);
      if (at + 160 <= mulaw.size()) mulaw.erase(begin, begin + 160);
    }
    const std::string heard = NormalizeWords(Hear(mulaw).text);
    EXPECT_EQ(heard, NormalizeWords(sound.text));
  }
}

TEST_F(FingerprintRecognizerTest, TellsOnlyTheWordsThatWereHeard) {
  const std::string line = "I would like to speak to the billing department.";
  std::vector<uint8_t> mulaw = audio_->at(line);
  mulaw.resize(mulaw.size() / 2);

  const std::string heard = Hear(mulaw).text;

  EXPECT_TRUE(line.starts_with(heard)) << heard;
  EXPECT_FALSE(heard.empty());
  EXPECT_LT(heard.size(), line.size() * 3 / 4);
}

TEST_F(FingerprintRecognizerTest, SilenceNoiseAndOtherSpeechAreNoWords) {
  EXPECT_EQ(Hear(Silence(24'000)).text, "");
  EXPECT_EQ(Hear({}).text, "");
  for (Noise kind : {Noise::kWhite, Noise::kLow, Noise::kTone}) {
    EXPECT_EQ(Hear(MakeNoise(kind, 3000, 4)).text, "") << static_cast<int>(kind);
  }
  EXPECT_EQ(Hear(Spoken("rms", "Seventeen elephants walked across the old bridge.")).text, "");
  // The same words by somebody else are another sound.
  EXPECT_EQ(Hear(Spoken("slt", "Please send me the invoice by email.")).text, "");
}

TEST(SpeechEnginesTest, AScenarioChoosesTheEngineAndItKnowsWhatItsCalleesSay) {
  boost::asio::io_context io;
  Workers workers(2);
  SpeechEngines speech(workers);
  for (auto engine : {Scenario::SttEngine::kFingerprint, Scenario::SttEngine::kPocketsphinx}) {
    Scenario scenario;
    scenario.stt_engine = engine;
    scenario.callees["*"].lines = {{.say = "What does the cleaning cost?"}};
    ASSERT_THAT(Await(io, speech.Prepare(std::make_shared<const Scenario>(scenario))), IsOk());
    const auto spoken =
        Await(io, speech.synthesizer().Speak("rms", "What does the cleaning cost?"));
    ASSERT_THAT(spoken, IsOk());

    EXPECT_EQ(Recognize(io, *speech.recognizer(), (*spoken)->mulaw).text,
              "What does the cleaning cost?");
  }
}

}  // namespace
}  // namespace latchkey::sandbox
