// The small rules of a conversation, one by one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/media/domain/endpointer.h"
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/history.h"
#include "services/media/domain/mulaw.h"
#include "services/media/domain/sentence_splitter.h"
#include "services/media/domain/spoken_text.h"
#include "services/media/domain/voice_detector.h"
#include "services/media/domain/wav.h"
#include "tests/support/media/fake_ports.h"

namespace latchkey::media {
namespace {

using ::testing::ElementsAre;

TEST(MulawTest, BytesAreWorthWhatG711Says) {
  EXPECT_EQ(LinearOf(0xFF), 0);
  EXPECT_EQ(LinearOf(0x7F), 0);
  EXPECT_EQ(LinearOf(0x00), -32124);
  EXPECT_EQ(LinearOf(0x80), 32124);
  EXPECT_EQ(kEnergy[0x80], 32124U * 32124U);
}

TEST(VoiceDetectorTest, SpeechSetsInAfterFiveVoicedFrames) {
  VoiceDetector detector;
  detector.Hear(Quiet(200));

  EXPECT_FALSE(detector.Hear(Tone(80)).sustained);
  EXPECT_TRUE(detector.Hear(Tone(20)).sustained);
  EXPECT_TRUE(detector.speaking());
}

TEST(VoiceDetectorTest, SteadyNoiseBecomesTheFloor) {
  VoiceDetector detector;
  std::vector<uint8_t> noise(160 * 500);
  for (size_t i = 0; i < noise.size(); ++i) noise[i] = i % 2 == 0 ? 0x4A : 0xCA;  // About -37 dBFS.
  detector.Hear(noise);

  EXPECT_FALSE(detector.Hear(Audio(noise).first(160)).voiced);
  EXPECT_TRUE(detector.Hear(Tone(20)).voiced);
}

TEST(VoiceDetectorTest, TheCarriersFrameSizeDoesNotMatter) {
  VoiceDetector detector;
  const std::vector<uint8_t> tone = Tone(100);

  bool sustained = false;
  for (size_t at = 0; at < tone.size(); at += 50) {
    sustained |= detector.Hear(Audio(tone).subspan(at, 50)).sustained;
  }

  EXPECT_TRUE(sustained);
}

TEST(EndpointerTest, ATurnEndsAfterThePauseAndOnlyAfterSpeech) {
  Endpointer endpointer(absl::Milliseconds(40));
  const absl::Duration frame = absl::Milliseconds(20);

  EXPECT_EQ(endpointer.OnFrame(false, frame * 5), Endpointer::Decision::kListening);
  EXPECT_EQ(endpointer.OnFrame(true, frame), Endpointer::Decision::kListening);
  EXPECT_EQ(endpointer.OnFrame(false, frame), Endpointer::Decision::kListening);
  EXPECT_EQ(endpointer.OnFrame(false, frame), Endpointer::Decision::kEndOfTurn);
  EXPECT_EQ(endpointer.OnFrame(false, frame * 5), Endpointer::Decision::kListening);
}

std::vector<std::string> Split(std::vector<std::string> deltas) {
  SentenceSplitter splitter;
  std::vector<std::string> pieces;
  for (const std::string& delta : deltas) {
    splitter.Add(delta);
    while (std::optional<std::string> piece = splitter.Next()) pieces.push_back(*piece);
  }
  if (std::string rest = splitter.Rest(); !rest.empty()) pieces.push_back(rest);
  return pieces;
}

TEST(SentenceSplitterTest, SentencesComeWholeAndKeepTheirSpaces) {
  EXPECT_THAT(Split({"Hel", "lo. How", " are you? ", "Fine"}),
              ElementsAre("Hello. ", "How are you? ", "Fine"));
}

TEST(SentenceSplitterTest, PricesAbbreviationsAndInitialsAreNoEnds) {
  EXPECT_THAT(Split({"It is $29", ".", "95 for Mr", ". Smith and J. Doe. Good."}),
              ElementsAre("It is $29.95 for Mr. Smith and J. Doe. ", "Good."));
}

TEST(SentenceSplitterTest, OtherScriptsEndWithoutASpace) {
  EXPECT_THAT(Split({"こんにちは。元気", "です。"}), ElementsAre("こんにちは。", "元気です。"));
}

TEST(SentenceSplitterTest, ASentenceThatRunsOnIsCutAtASpace) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "word ";
  const std::vector<std::string> pieces = Split({text});

  ASSERT_GT(pieces.size(), 1U);
  EXPECT_LE(pieces[0].size(), 240U);
  std::string joined;
  for (const std::string& piece : pieces) joined += piece;
  EXPECT_EQ(joined, text);
}

TEST(SpokenTextTest, WordTimesSayWhatWasHeard) {
  SpokenText text;
  text.AddPiece("Good morning, Ben. ");
  text.AddAudio(8000);
  text.AddWord("Good", 2000);
  text.AddWord("morning,", 5000);
  text.AddWord("Ben.", 8000);

  EXPECT_EQ(text.Heard(1000), "");
  EXPECT_EQ(text.Heard(5000), "Good morning,");
  EXPECT_EQ(text.Unheard(5000), "Ben.");
  EXPECT_EQ(text.Heard(8000), "Good morning, Ben.");
}

TEST(SpokenTextTest, WordsThatTtsNormalisedArePassedOver) {
  SpokenText text;
  text.AddPiece("It costs 29 dollars today.");
  text.AddAudio(8000);
  text.AddWord("It", 1000);
  text.AddWord("costs", 2000);
  text.AddWord("twenty-nine", 4000);
  text.AddWord("dollars", 6000);
  text.AddWord("today", 8000);

  EXPECT_EQ(text.Heard(4000), "It costs");
  EXPECT_EQ(text.Heard(6000), "It costs 29 dollars");
}

TEST(SpokenTextTest, WithoutWordTimesTheAudioIsSharedOut) {
  SpokenText text;
  text.AddPiece("aaaa bbbb cccc dddd");
  text.AddAudio(8000);
  text.Complete();

  EXPECT_EQ(text.Heard(3500), "aaaa");
  EXPECT_EQ(text.Heard(4000), "aaaa bbbb");
  EXPECT_EQ(text.Heard(8000), "aaaa bbbb cccc dddd");
  EXPECT_EQ(text.Unspoken(), "");
}

TEST(SpokenTextTest, WithoutWordTimesAnUnfinishedUtteranceIsNotOverestimated) {
  SpokenText text;
  text.AddPiece("a sentence of some sixty letters that has only just begun now.");
  text.AddAudio(1600);

  EXPECT_EQ(text.Heard(1600), "a");
}

TEST(HistoryTest, SpeakersAlternateAndTheCalleeIsFirst) {
  History history(Direction::kOutbound);
  history.AddAgent("Hello.");
  history.AddCallee("Hi.");
  history.AddCallee("Who is it?");
  history.AddAgent("");

  ASSERT_EQ(history.messages().size(), 3U);
  EXPECT_FALSE(history.messages()[0].by_agent);
  EXPECT_EQ(history.messages()[2].text, "Hi. Who is it?");
}

TEST(HistoryTest, TheModelIsToldWhoHasCalled) {
  EXPECT_EQ(History(Direction::kOutbound).messages()[0].text,
            "[The callee has answered the phone.]");
  EXPECT_EQ(History(Direction::kInbound).messages()[0].text,
            "[Somebody has called, and you have answered the phone.]");
}

TEST(HistoryTest, ALongCallForgetsItsOldestExchanges) {
  History history(Direction::kInbound);
  for (int i = 0; i < 1000; ++i) {
    history.AddAgent("a" + std::to_string(i));
    history.AddCallee("c" + std::to_string(i));
  }

  EXPECT_LE(history.messages().size(), 601U);
  EXPECT_FALSE(history.messages()[0].by_agent);
  EXPECT_TRUE(history.messages()[1].by_agent);
  EXPECT_EQ(history.messages().back().text, "c999");
}

TEST(FailurePolicyTest, OneRetryForAnIncidentAndNoneForARejectedKey) {
  FailurePolicy policy(Party::kTextToSpeech);
  const absl::Status dropped = ClassifyFailure(Party::kTextToSpeech, 0, "");

  EXPECT_FALSE(policy.RetryAfter(ClassifyFailure(Party::kTextToSpeech, 401, "")).has_value());
  EXPECT_TRUE(policy.RetryAfter(dropped).has_value());
  EXPECT_FALSE(policy.RetryAfter(dropped).has_value());
  EXPECT_EQ(Reason(policy.Recovered().value_or(absl::OkStatus())), "cartesia_dropped");
  EXPECT_TRUE(policy.RetryAfter(dropped).has_value());
}

TEST(FailurePolicyTest, RetriesOfACallAreBounded) {
  FailurePolicy policy(Party::kSpeechToText);
  int retries = 0;

  while (policy.RetryAfter(ClassifyFailure(Party::kSpeechToText, 503, "")).has_value()) {
    policy.Recovered();
    ASSERT_LT(++retries, 100);
  }

  EXPECT_EQ(retries, 5);
}

TEST(FailurePolicyTest, ALimitIsTriedThreeTimesAndLaterEachTime) {
  FailurePolicy policy(Party::kLanguageModel);
  const absl::Status limited = ClassifyFailure(Party::kLanguageModel, 429, "");

  EXPECT_EQ(policy.RetryAfter(limited), absl::Milliseconds(300));
  EXPECT_EQ(policy.RetryAfter(limited), absl::Milliseconds(600));
  EXPECT_EQ(policy.RetryAfter(limited), absl::Milliseconds(1'200));
  EXPECT_FALSE(policy.RetryAfter(limited).has_value());
}

TEST(FailurePolicyTest, TheProvidersOwnTimeIsWaitedForWhenACalleeWould) {
  FailurePolicy policy(Party::kLanguageModel);
  const absl::Status limited = ClassifyFailure(Party::kLanguageModel, 429, "");

  EXPECT_FALSE(policy.RetryAfter(WithMetadata(limited, kRetryAfterMs, "30000")).has_value());
  EXPECT_EQ(policy.RetryAfter(WithMetadata(limited, kRetryAfterMs, "1000")), absl::Seconds(1));
}

TEST(FailurePolicyTest, TheReasonNamesTheProvider) {
  EXPECT_EQ(Reason(ClassifyFailure(Party::kLanguageModel, 402, "")), "anthropic_no_credit");
  EXPECT_EQ(Reason(ClassifyFailure(Party::kSpeechToText, 429, "")), "deepgram_rate_limited");
  EXPECT_EQ(Reason(ClassifyFailure(Party::kTextToSpeech, 404, "")), "cartesia_refused_request");
  EXPECT_EQ(Reason(ClassifyFailure(Party::kLanguageModel, 504, "")), "anthropic_too_slow");
}

TEST(WavTest, TheHeaderSaysMulawStereo) {
  const auto header = WavHeader(1000);

  EXPECT_EQ(std::string(header.begin(), header.begin() + 4), "RIFF");
  EXPECT_EQ(header[4] + 256 * header[5], 1000 + 50);
  EXPECT_EQ(header[20], 7);  // mu-law
  EXPECT_EQ(header[22], 2);  // channels
  EXPECT_EQ(header[24] + 256 * header[25], 8000);
  EXPECT_EQ(header[46] + 256 * header[47], 500);  // samples
  EXPECT_EQ(header[54] + 256 * header[55], 1000);
}

}  // namespace
}  // namespace latchkey::media
