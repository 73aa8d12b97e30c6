#include "sandbox/providers/deepgram.h"

#include "lib/base/deadline.h"
#include "tests/integration/sandbox/providers_fixture.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

// Spoken without a pause of 300 ms, so that it is one utterance.
constexpr char kLine[] = "No, that is all. Thank you and goodbye!";

// A WAV file of silence: PCM, 16 bit, 8000 Hz (as in the validator's probe).
std::string SilentWav(size_t samples) {
  const auto little = [](size_t value, size_t bytes) {
    std::string text;
    for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
    return text;
  };
  const size_t size = samples * 2;
  return "RIFF" + little(36 + size, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) +
         little(8000, 4) + little(16000, 4) + little(2, 2) + little(16, 2) + "data" +
         little(size, 4) + std::string(size, '\0');
}

class DeepgramTest : public ProvidersFixture {
 protected:
  absl::StatusOr<http::Response> Listen(std::string body, const Secret& key) {
    http::Request request("POST", UrlOf("/v1/listen", {{"model", "nova-3"}}));
    request.headers.Set("content-type", "audio/wav");
    request.body = std::move(body);
    request.secret = http::SecretHeader::Token(key);
    return Send(request);
  }

  absl::StatusOr<std::unique_ptr<http::Websocket>> Open(const Secret& key) {
    const http::Url url = UrlOf("/v1/listen", {{"model", "nova-3"},
                                               {"encoding", "mulaw"},
                                               {"sample_rate", "8000"},
                                               {"interim_results", "true"},
                                               {"endpointing", "300"},
                                               {"utterance_end_ms", "1000"},
                                               {"vad_events", "true"}});
    return Connect(url, http::SecretHeader::Token(key));
  }

  void Hear(http::Websocket& websocket, const std::vector<uint8_t>& audio) {
    for (size_t at = 0; at < audio.size(); at += 480) {
      const size_t size = std::min<size_t>(480, audio.size() - at);
      const std::string_view piece(reinterpret_cast<const char*>(audio.data()) + at, size);
      ASSERT_THAT(Await(io_, websocket.WriteBinary(piece)), IsOk());
    }
  }
  void Hear(http::Websocket& websocket, std::string_view sentence) {
    Hear(websocket, Spoken("rms", sentence));
    Hear(websocket, std::vector<uint8_t>(8000, uint8_t{0xFF}));
  }
  void Say(http::Websocket& websocket, std::string_view text) {
    ASSERT_THAT(Await(io_, websocket.WriteText(text)), IsOk());
  }
};

std::vector<std::string> TypesOf(const std::vector<json::value>& messages) {
  std::vector<std::string> types;
  for (const json::value& message : messages) types.push_back(TextAt(message, "/type"));
  return types;
}

std::string TranscriptOf(const std::vector<json::value>& messages) {
  std::string text;
  for (const json::value& message : messages) {
    const json::value* is_final = message.as_object().if_contains("is_final");
    if (is_final && *is_final == true)
      text += TextAt(message, "/channel/alternatives/0/transcript");
  }
  return text;
}

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

  ASSERT_THAT(TypesOf(messages), ::testing::ElementsAre("SpeechStarted", "Results", "Metadata"));
  EXPECT_EQ(TranscriptOf(messages), kLine);
  EXPECT_EQ(messages[1].at("speech_final"), true);
  EXPECT_EQ(messages[1].at("from_finalize"), false);
  const json::array& words = messages[1].at_pointer("/channel/alternatives/0/words").as_array();
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
  const json::value results = ReadUntil(**websocket, "Results").back();
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
  const std::vector<json::value> messages = ReadUntil(**websocket, "Results");

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

  Arm(Provider::kDeepgram, Fault::Moment::kMidStream, Fault::Kind::kDrop);
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Hear(**websocket, Spoken("rms", kLine));
  Say(**websocket, R"({"type":"Finalize"})");
  const std::vector<json::value> messages = ReadUntil(**websocket, "Results");
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
