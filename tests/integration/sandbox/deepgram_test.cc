#include "sandbox/providers/deepgram.h"

#include <algorithm>

#include "tests/integration/sandbox/deepgram_fixture.h"

namespace latchkey::sandbox {
namespace {

using DeepgramTest = DeepgramFixture;

TEST_F(DeepgramTest, HearsNoWordsInASecondOfSilence) {
  const absl::StatusOr<http::Response> response = Listen(SilentWav(8000), good_);

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 200);
  const json::value body = json::parse(response->body);
  EXPECT_EQ(body.at_pointer("/results/channels/0/alternatives/0/transcript"), "");
  EXPECT_EQ(body.at_pointer("/metadata/duration"), 1.0);
}

TEST_F(DeepgramTest, RefusesBadKeysAndBadAudio) {
  EXPECT_EQ(Listen(SilentWav(8000), unknown_)->status, 401);
  EXPECT_EQ(Listen("no audio at all", good_)->status, 400);

  const auto refused = Open(unknown_);
  ASSERT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable, "upgrade_refused"));
  EXPECT_EQ(Metadata(refused.status())["http_status"], "401");
  EXPECT_THAT(Metadata(refused.status())["http_body"], ::testing::HasSubstr("INVALID_AUTH"));
  EXPECT_EQ(Metadata(Open(busy_).status())["http_status"], "429");
  EXPECT_EQ(Metadata(Open(unfunded_).status())["http_status"], "402");

  http::Request bearer("POST", UrlOf("/v1/listen"));
  bearer.body = SilentWav(8000);
  bearer.secret = http::SecretHeader::Bearer(good_);  // Deepgram's keys are tokens.
  EXPECT_EQ(Send(bearer)->status, 401);
}

TEST_F(DeepgramTest, RefusesAudioThatItDoesNotHear) {
  const http::Url wide = UrlOf("/v1/listen", {{"encoding", "linear16"}, {"sample_rate", "16000"}});

  EXPECT_EQ(Metadata(Connect(wide, http::SecretHeader::Token(good_)).status())["http_status"],
            "400");
}

TEST_F(DeepgramTest, WritesDownWhatWasSaid) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, Spoken("rms", kLine));
  Hear(**websocket, std::vector<uint8_t>(4000, uint8_t{0xFF}));  // Too short for an UtteranceEnd.
  Say(**websocket, R"({"type":"CloseStream"})");
  const std::vector<json::value> messages = ReadUntil(**websocket, "Metadata");
  const auto ended = Await(io_, (*websocket)->Read());

  const std::vector<json::value> finals = FinalsOf(messages);
  ASSERT_EQ(finals.size(), 1u);
  EXPECT_EQ(TypesOf(messages).front(), "SpeechStarted");
  EXPECT_EQ(TranscriptOf(messages), kLine);
  EXPECT_EQ(finals[0].at("speech_final"), true);
  EXPECT_EQ(finals[0].at("from_finalize"), false);
  const json::array& words = finals[0].at_pointer("/channel/alternatives/0/words").as_array();
  ASSERT_EQ(words.size(), 8u);
  EXPECT_EQ(TextAt(words[0], "/punctuated_word"), "No,");
  EXPECT_LT(words[0].at("start").as_double(), words[7].at("end").as_double());
  EXPECT_EQ(Metadata(ended.status())["close_code"], "1000");
}

TEST_F(DeepgramTest, RecognisesSpeechAndNotOnlySounds) {
  Scenario scenario = *stage_.scenario();
  scenario.stt_engine = Scenario::SttEngine::kPocketsphinx;
  stage_.Play(std::move(scenario));
  ASSERT_THAT(Await(io_, speech_.Prepare(stage_.scenario())), IsOk());
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, kLine);
  Say(**websocket, R"({"type":"CloseStream"})");

  EXPECT_EQ(TranscriptOf(ReadUntil(**websocket, "Metadata")), kLine);
}

TEST_F(DeepgramTest, TellsTheEndOfAnUtteranceOnceItHasBeenQuietForLong) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, kLine);
  const json::value results = ReadUntilFinal(**websocket).back();
  Hear(**websocket, std::vector<uint8_t>(8000, uint8_t{0xFF}));
  const json::value ended = ReadUntil(**websocket, "UtteranceEnd").back();

  const double end = results.at("start").as_double() + results.at("duration").as_double();
  EXPECT_NEAR(ended.at("last_word_end").as_double(), end, 0.001);
}

TEST_F(DeepgramTest, HearsNothingInSilence) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Hear(**websocket, std::vector<uint8_t>(16'000, uint8_t{0xFF}));
  Say(**websocket, R"({"type":"KeepAlive"})");
  Say(**websocket, R"({"type":"CloseStream"})");

  EXPECT_THAT(TypesOf(ReadAll(**websocket)), ::testing::ElementsAre("Metadata"));
}

TEST_F(DeepgramTest, AnswersFinalize) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, Spoken("rms", kLine));

  Say(**websocket, R"({"type":"Finalize"})");
  const std::vector<json::value> messages = ReadUntilFinal(**websocket);

  EXPECT_EQ(TranscriptOf(messages), kLine);
  EXPECT_EQ(messages.back().at("from_finalize"), true);
}

TEST_F(DeepgramTest, AnswersFinalizeAlsoWhenNobodySpeaks) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, std::vector<uint8_t>(1600, uint8_t{0xFF}));

  Say(**websocket, R"({"type":"Whatever"})");
  Say(**websocket, R"({"type":"Finalize"})");
  const json::value results = Read(**websocket);

  EXPECT_EQ(results.at("from_finalize"), true);
  EXPECT_EQ(TranscriptOf({results}), "");
}

TEST_F(DeepgramTest, MeetsTheFaultsOfItsScenario) {
  Arm(Provider::kDeepgram, Fault::Moment::kConnect, Fault::Kind::kStatus, 503);
  EXPECT_EQ(Metadata(Open(good_).status())["http_status"], "503");

  Change([](Scenario& s) { s.quirks.deepgram.interim_every = absl::ZeroDuration(); });
  Arm(Provider::kDeepgram, Fault::Moment::kMidStream, Fault::Kind::kDrop);
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, Spoken("rms", kLine));
  Say(**websocket, R"({"type":"Finalize"})");
  const std::vector<json::value> messages = ReadUntilFinal(**websocket);
  EXPECT_EQ(TranscriptOf(messages), kLine);
  EXPECT_THAT(Await(io_, (*websocket)->Read()),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
}

TEST_F(DeepgramTest, AHangIsSilence) {
  Arm(Provider::kDeepgram, Fault::Moment::kMidStream, Fault::Kind::kHang);
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, kLine);
  EXPECT_EQ(TypesOf(ReadUntil(**websocket, "Results")).back(), "Results");
  Say(**websocket, R"({"type":"CloseStream"})");

  EXPECT_THAT(Await(io_, WithDeadline((*websocket)->Read(), absl::Milliseconds(50))),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(DeepgramTest, AnEmptyBinaryMessageEndsTheStream) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  ASSERT_THAT(Await(io_, (*websocket)->WriteBinary("")), IsOk());

  EXPECT_THAT(TypesOf(ReadAll(**websocket)), ::testing::ElementsAre("Metadata"));
}

TEST_F(DeepgramTest, KnowsAKeyThatHasNoCredit) {
  http::Request request("GET", UrlOf("/v1/auth/token"));
  request.secret = http::SecretHeader::Token(unfunded_);
  EXPECT_EQ(Send(request)->status, 200);

  request.url = UrlOf("/v1/projects");
  const std::string project = TextAt(json::parse(Send(request)->body), "/projects/0/project_id");
  request.url = UrlOf("/v1/projects/" + project + "/balances");
  EXPECT_EQ(Send(request)->status, 200);
  request.url = UrlOf("/v1/projects/other/balances");
  EXPECT_EQ(Send(request)->status, 404);
}

TEST_F(DeepgramTest, AMessageNowAndThenKeepsItOpen) {
  SimulatedClock clock;
  DeepgramProvider provider(io_.get_executor(), clock, stage_, speech_);
  router_.Add("/v1/listen/quiet", provider);
  const http::Url url = UrlOf("/v1/listen/quiet", {{"encoding", "mulaw"}, {"sample_rate", "8000"}});
  auto websocket = Connect(url, http::SecretHeader::Token(good_));
  ASSERT_THAT(websocket, IsOk());

  for (int i = 0; i < 3; ++i) {
    clock.Advance(absl::Seconds(9));
    Say(**websocket, R"({"type":"KeepAlive"})");
    Say(**websocket, R"({"type":"Finalize"})");
    EXPECT_EQ(TextAt(Read(**websocket), "/type"), "Results");
  }
}

TEST_F(DeepgramTest, ClosesAConnectionThatIsSilentForTenSeconds) {
  SimulatedClock clock;
  DeepgramProvider provider(io_.get_executor(), clock, stage_, speech_);
  router_.Add("/v1/listen/silent", provider);
  const http::Url url =
      UrlOf("/v1/listen/silent", {{"encoding", "mulaw"}, {"sample_rate", "8000"}});
  auto websocket = Connect(url, http::SecretHeader::Token(good_));
  ASSERT_THAT(websocket, IsOk());

  clock.Advance(absl::Seconds(10));
  const auto ended = Await(io_, (*websocket)->Read());

  ASSERT_THAT(ended, StatusIs(absl::StatusCode::kUnavailable, "closed"));
  EXPECT_EQ(Metadata(ended.status())["close_code"], "1011");
  EXPECT_THAT(Metadata(ended.status())["close_reason"], ::testing::StartsWith("NET-0001"));
}

}  // namespace
}  // namespace latchkey::sandbox
