#include "sandbox/speech/pocketsphinx_recognizer.h"

#include "tests/unit/sandbox/speech/speech_fixture.h"

namespace latchkey::sandbox {
namespace {

class PocketsphinxRecognizerTest : public ::testing::Test {
 protected:
  Recognized Hear(const std::vector<uint8_t>& mulaw) { return Recognize(io_, recognizer_, mulaw); }

  boost::asio::io_context io_;
  Workers workers_{2};
  PocketsphinxRecognizer recognizer_{workers_, AllLines()};
};

TEST_F(PocketsphinxRecognizerTest, RecognizesEveryLineInBothCalleeVoices) {
  for (const char* voice : {"rms", "kal16"}) {
    for (const std::string& line : AllLines()) {
      EXPECT_EQ(Hear(Spoken(voice, line)).text, line) << voice;
    }
  }
}

TEST_F(PocketsphinxRecognizerTest, TellsWhenEachWordWasSaid) {
  const Recognized heard = Hear(Spoken("rms", "I am not interested, do not call me again."));

  ASSERT_EQ(heard.words.size(), 9u);
  EXPECT_EQ(heard.words[3].text, "interested");
  EXPECT_EQ(heard.words[3].punctuated, "interested,");
  EXPECT_GT(heard.confidence, 0.6);
  for (size_t i = 1; i < heard.words.size(); ++i) {
    EXPECT_GE(heard.words[i].start, heard.words[i - 1].end);
  }
}

TEST_F(PocketsphinxRecognizerTest, RecognizesAPhraseThatWasCutAtAPause) {
  EXPECT_EQ(Hear(Spoken("rms", "do not call me again.")).text, "do not call me again.");
}

TEST_F(PocketsphinxRecognizerTest, SilenceAndNoiseAreNoWords) {
  EXPECT_EQ(Hear(Silence(24'000)).text, "");
  for (Noise kind : {Noise::kWhite, Noise::kLow, Noise::kTone}) {
    for (double amplitude : {30.0, 300.0, 1000.0, 3000.0, 8000.0}) {
      const std::vector<uint8_t> noise = MakeNoise(kind, amplitude, 3);
      EXPECT_EQ(Hear(noise).text, "") << static_cast<int>(kind) << " " << amplitude;
    }
  }
}

TEST_F(PocketsphinxRecognizerTest, WhatTheGrammarDoesNotKnowIsNotHeard) {
  for (const char* other : {"The weather in London is terrible today.",
                            "Seventeen elephants walked across the old stone bridge.",
                            "Can you tell me more about this product and its warranty?"}) {
    EXPECT_EQ(Hear(Spoken("rms", other)).text, "") << other;
  }
}

TEST_F(PocketsphinxRecognizerTest, UtterancesSideBySideDoNotMix) {
  const std::vector<uint8_t> one = Spoken("rms", "What does the cleaning cost?");
  const std::vector<uint8_t> two = Spoken("rms", "Please send me the invoice by email.");
  const auto first = recognizer_.Start();
  const auto second = recognizer_.Start();

  for (size_t at = 0; at + 160 <= std::max(one.size(), two.size()); at += 160) {
    if (at + 160 <= one.size()) first->Push(std::span(one).subspan(at, 160));
    if (at + 160 <= two.size()) second->Push(std::span(two).subspan(at, 160));
  }

  EXPECT_EQ(Await(io_, second->Finish())->text, "Please send me the invoice by email.");
  EXPECT_EQ(Await(io_, first->Finish())->text, "What does the cleaning cost?");
}

TEST_F(PocketsphinxRecognizerTest, AWordThatTheDictionaryLacksIsLearnt) {
  PocketsphinxRecognizer recognizer(workers_, {"My name is Zephyrina Quackenboss."});

  EXPECT_EQ(Recognize(io_, recognizer, Spoken("rms", "My name is Zephyrina Quackenboss.")).text,
            "My name is Zephyrina Quackenboss.");
}

}  // namespace
}  // namespace latchkey::sandbox
