// What a scenario's quirks.deepgram do.

#include <algorithm>

#include "tests/integration/sandbox/deepgram_fixture.h"

namespace latchkey::sandbox {
namespace {

using DeepgramQuirksTest = DeepgramFixture;

TEST_F(DeepgramQuirksTest, GuessesWhileItListens) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  const std::vector<uint8_t> line = Spoken("rms", kLine);
  const auto middle = line.begin() + 12'000;  // A second and a half.

  Hear(**websocket, std::vector<uint8_t>(line.begin(), middle));
  const std::vector<json::value> before = ReadUntil(**websocket, "Results");
  Hear(**websocket, std::vector<uint8_t>(middle, line.end()));
  Say(**websocket, R"({"type":"Finalize"})");
  const std::vector<json::value> after = ReadUntilFinal(**websocket);

  const json::value& guess = before.back();
  EXPECT_EQ(guess.at("is_final"), false);
  EXPECT_EQ(guess.at("speech_final"), false);
  EXPECT_THAT(TextAt(guess, "/channel/alternatives/0/transcript"), ::testing::StartsWith("No,"));
  EXPECT_EQ(TranscriptOf(after), kLine);
  EXPECT_EQ(guess.at("start"), after.back().at("start"));
}

TEST_F(DeepgramQuirksTest, GuessesOnlyWhenItIsAskedTo) {
  const http::Url url =
      UrlOf("/v1/listen", {{"encoding", "mulaw"}, {"sample_rate", "8000"}, {"endpointing", "300"}});
  auto websocket = Connect(url, http::SecretHeader::Token(good_));
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, kLine);
  Say(**websocket, R"({"type":"CloseStream"})");
  const std::vector<json::value> messages = ReadAll(**websocket);

  EXPECT_THAT(TypesOf(messages), ::testing::ElementsAre("Results", "Metadata"));
}

TEST_F(DeepgramQuirksTest, AFinalMayComeInPieces) {
  Change([](Scenario& scenario) { scenario.quirks.deepgram.final_words = 3; });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, kLine);
  Say(**websocket, R"({"type":"CloseStream"})");
  const std::vector<json::value> finals = FinalsOf(ReadAll(**websocket));

  ASSERT_EQ(finals.size(), 3u);
  EXPECT_EQ(TextAt(finals[0], "/channel/alternatives/0/transcript"), "No, that is");
  EXPECT_EQ(TextAt(finals[2], "/channel/alternatives/0/transcript"), "and goodbye!");
  EXPECT_EQ(finals[0].at("speech_final"), false);
  EXPECT_EQ(finals[1].at("speech_final"), false);
  EXPECT_EQ(finals[2].at("speech_final"), true);
}

TEST_F(DeepgramQuirksTest, AFinalMayBeLate) {
  Change([](Scenario& s) { s.quirks.deepgram.final_delay = absl::Milliseconds(150); });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, Spoken("rms", kLine));
  const absl::Time asked = clock_.Now();

  Say(**websocket, R"({"type":"Finalize"})");
  const std::vector<json::value> messages = ReadUntilFinal(**websocket);

  EXPECT_EQ(TranscriptOf(messages), kLine);
  EXPECT_GE(clock_.Now() - asked, absl::Milliseconds(150));
}

TEST_F(DeepgramQuirksTest, OnANoisyLineOnlyUtteranceEndTellsTheEnd) {
  Change([](Scenario& scenario) { scenario.quirks.deepgram.speech_final = false; });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, kLine);
  const json::value results = ReadUntilFinal(**websocket).back();
  Hear(**websocket, std::vector<uint8_t>(8000, uint8_t{0xFF}));

  EXPECT_EQ(results.at("speech_final"), false);
  EXPECT_EQ(TextAt(ReadUntil(**websocket, "UtteranceEnd").back(), "/type"), "UtteranceEnd");
}

TEST_F(DeepgramQuirksTest, SpeechStartedIsNotGuaranteed) {
  Change([](Scenario& s) {
    s.quirks.deepgram.speech_started = DeepgramQuirks::SpeechStarted::kNever;
  });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, kLine);
  Say(**websocket, R"({"type":"CloseStream"})");

  EXPECT_THAT(TypesOf(ReadAll(**websocket)), ::testing::Contains("SpeechStarted").Times(0));
}

TEST_F(DeepgramQuirksTest, SpeechStartedIsNotUnique) {
  Change([](Scenario& s) {
    s.quirks.deepgram.speech_started = DeepgramQuirks::SpeechStarted::kTwice;
  });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, kLine);
  Say(**websocket, R"({"type":"CloseStream"})");

  EXPECT_THAT(TypesOf(ReadAll(**websocket)), ::testing::Contains("SpeechStarted").Times(2));
}

TEST_F(DeepgramQuirksTest, AFinalizeWithTooLittleAudioIsNotAnswered) {
  Change([](Scenario& s) { s.quirks.deepgram.finalize_min = absl::Seconds(1); });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, std::vector<uint8_t>(1600, uint8_t{0xFF}));

  Say(**websocket, R"({"type":"Finalize"})");
  Say(**websocket, R"({"type":"CloseStream"})");

  EXPECT_THAT(TypesOf(ReadAll(**websocket)), ::testing::ElementsAre("Metadata"));
}

TEST_F(DeepgramQuirksTest, TellsOfAFailureAndClosesWithItsCode) {
  Arm(Provider::kDeepgram, Fault::Moment::kEnd, Fault::Kind::kStatus, 500);
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, Spoken("rms", kLine));
  Say(**websocket, R"({"type":"Finalize"})");
  EXPECT_EQ(TextAt(ReadUntil(**websocket, "Error").back(), "/variant"), "INTERNAL_SERVER_ERROR");
  const auto ended = Await(io_, (*websocket)->Read());
  EXPECT_EQ(Metadata(ended.status())["close_code"], "1011");
  EXPECT_THAT(Metadata(ended.status())["close_reason"], ::testing::StartsWith("NET-0000"));

  Fault undecodable;
  undecodable.provider = Provider::kDeepgram;
  undecodable.moment = Fault::Moment::kFirstByte;
  undecodable.kind = Fault::Kind::kClose;
  undecodable.close_code = 1008;
  undecodable.reason = "DATA-0000: audio could not be decoded";
  stage_.AddFault(undecodable);
  auto other = Open(good_);
  ASSERT_THAT(other, IsOk());
  Hear(**other, Spoken("rms", kLine));
  Say(**other, R"({"type":"Finalize"})");
  absl::Status end;
  while (end.ok()) end = Await(io_, (*other)->Read()).status();
  EXPECT_EQ(Metadata(end)["close_code"], "1008");
}

TEST_F(DeepgramQuirksTest, DeniesAModelToAProject) {
  Change([](Scenario& scenario) { scenario.quirks.deepgram.denied_models = {"nova-3"}; });

  const absl::StatusOr<http::Response> response = Listen(SilentWav(8000), good_);

  EXPECT_EQ(response->status, 403);
  EXPECT_EQ(TextAt(json::parse(response->body), "/err_code"), "INSUFFICIENT_PERMISSIONS");
  EXPECT_EQ(Metadata(Open(good_).status())["http_status"], "403");
}

TEST_F(DeepgramQuirksTest, ASocketThatNeverHadAudioIsNotHeldOpenByKeepAlive) {
  SimulatedClock clock;
  DeepgramProvider provider(io_.get_executor(), clock, stage_, speech_);
  router_.Add("/v1/listen/mute", provider);
  const http::Url url = UrlOf("/v1/listen/mute", {{"encoding", "mulaw"}, {"sample_rate", "8000"}});
  auto websocket = Connect(url, http::SecretHeader::Token(good_));
  ASSERT_THAT(websocket, IsOk());

  for (int i = 0; i < 5; ++i) {
    clock.Advance(absl::Seconds(6));
    Say(**websocket, R"({"type":"KeepAlive"})");
  }

  const auto ended = Await(io_, (*websocket)->Read());
  EXPECT_THAT(Metadata(ended.status())["close_reason"], ::testing::StartsWith("NET-0001"));
}

TEST_F(DeepgramQuirksTest, MayWantAudioAndNotOnlyMessages) {
  Change([](Scenario& s) { s.quirks.deepgram.no_audio_max = absl::Seconds(12); });
  SimulatedClock clock;
  DeepgramProvider provider(io_.get_executor(), clock, stage_, speech_);
  router_.Add("/v1/listen/still", provider);
  const http::Url url = UrlOf("/v1/listen/still", {{"encoding", "mulaw"}, {"sample_rate", "8000"}});
  auto websocket = Connect(url, http::SecretHeader::Token(good_));
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, std::vector<uint8_t>(800, uint8_t{0xFF}));

  for (int i = 0; i < 2; ++i) {
    Say(**websocket, R"({"type":"Finalize"})");
    EXPECT_EQ(TextAt(Read(**websocket), "/type"), "Results");
    clock.Advance(absl::Seconds(6));
  }

  const auto ended = Await(io_, (*websocket)->Read());
  EXPECT_THAT(Metadata(ended.status())["close_reason"], ::testing::StartsWith("NET-0002"));
}

}  // namespace
}  // namespace latchkey::sandbox
