#include "sandbox/providers/deepgram_messages.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

Recognized Said() {
  Recognized said;
  said.text = "Yes, Thursday.";
  said.confidence = 0.9;
  said.words = {{"yes", "Yes,", absl::Milliseconds(100), absl::Milliseconds(300)},
                {"thursday", "Thursday.", absl::Milliseconds(400), absl::Milliseconds(900)}};
  return said;
}

std::string Wav(std::string_view rate, std::string_view samples) {
  std::string file("RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0", 24);
  file.append(rate).append(std::string_view("\0\0\0\0\x02\0\x10\0data\0\0\0\0", 16));
  return file.append(samples);
}

constexpr std::string_view k8000("\x40\x1f\0\0", 4), k16000("\x80\x3e\0\0", 4);

TEST(DeepgramMessagesTest, CountsWordsFromTheStreamsFirstSample) {
  Transcript transcript;
  transcript.start = absl::Seconds(3);
  transcript.end = absl::Milliseconds(3900);
  transcript.said = Said();

  const json::value message = json::parse(ResultsMessage(transcript));

  EXPECT_EQ(message.at("type"), "Results");
  EXPECT_EQ(message.at("is_final"), true);
  EXPECT_EQ(message.at("speech_final"), true);
  EXPECT_DOUBLE_EQ(message.at("start").as_double(), 3.0);
  EXPECT_DOUBLE_EQ(message.at("duration").as_double(), 0.9);
  const json::value& best = message.at_pointer("/channel/alternatives/0");
  EXPECT_EQ(best.at("transcript"), "Yes, Thursday.");
  EXPECT_EQ(best.at_pointer("/words/1/word"), "thursday");
  EXPECT_EQ(best.at_pointer("/words/1/punctuated_word"), "Thursday.");
  EXPECT_DOUBLE_EQ(best.at_pointer("/words/1/start").as_double(), 3.4);
}

TEST(DeepgramMessagesTest, AFileOfSilenceHasAnEmptyTranscript) {
  const json::value body = json::parse(FileResults(absl::Seconds(1), Recognized()));

  EXPECT_EQ(body.at_pointer("/metadata/duration"), 1.0);
  const json::value& best = body.at_pointer("/results/channels/0/alternatives/0");
  EXPECT_EQ(best.at("transcript"), "");
  EXPECT_TRUE(best.at("words").as_array().empty());
}

TEST(DeepgramMessagesTest, TellsWhenSpeechBeganAndEnded) {
  const json::value began = json::parse(SpeechStartedMessage(absl::Milliseconds(3180)));
  const json::value ended = json::parse(UtteranceEndMessage(absl::Milliseconds(4850)));

  EXPECT_EQ(began.at("type"), "SpeechStarted");
  EXPECT_DOUBLE_EQ(began.at("timestamp").as_double(), 3.18);
  EXPECT_EQ(ended.at("type"), "UtteranceEnd");
  EXPECT_DOUBLE_EQ(ended.at("last_word_end").as_double(), 4.85);
}

TEST(DeepgramMessagesTest, AGuessIsNotFinal) {
  Transcript transcript;
  transcript.said = Said();
  transcript.final = false;

  const json::value message = json::parse(ResultsMessage(transcript));

  EXPECT_EQ(message.at("is_final"), false);
  EXPECT_EQ(message.at("speech_final"), false);
}

TEST(DeepgramMessagesTest, SplitsAFinalIntoPiecesOfWhichOnlyTheLastHasEnded) {
  Transcript transcript;
  transcript.start = absl::Seconds(3);
  transcript.end = absl::Milliseconds(3900);
  transcript.said = Said();

  const std::vector<Transcript> pieces = SplitTranscript(transcript, 1);

  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[0].said.text, "Yes,");
  EXPECT_FALSE(pieces[0].ended);
  EXPECT_EQ(pieces[0].end, absl::Milliseconds(3300));
  EXPECT_EQ(pieces[1].said.text, "Thursday.");
  EXPECT_TRUE(pieces[1].ended);
  EXPECT_EQ(pieces[1].start, absl::Milliseconds(3400));
  EXPECT_EQ(pieces[1].said.words[0].start, absl::ZeroDuration());
  EXPECT_EQ(SplitTranscript(transcript, 0).size(), 1u);
  EXPECT_EQ(SplitTranscript(transcript, 2).size(), 1u);
}

TEST(DeepgramMessagesTest, ReadsTelephoneWav) {
  const auto audio = ParseWav(Wav(k8000, std::string(4, '\0')));

  EXPECT_THAT(audio, IsOkAndHolds(std::vector<uint8_t>{0xFF, 0xFF}));
}

TEST(DeepgramMessagesTest, RefusesOtherAudio) {
  const std::string wav = Wav(k8000, "");
  EXPECT_THAT(ParseWav(""), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseWav(wav.substr(0, 43)), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseWav(Wav(k16000, "")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseWav(std::string(100, 'x')), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace latchkey::sandbox
