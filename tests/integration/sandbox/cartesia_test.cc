#include "sandbox/providers/cartesia.h"

#include <fmt/format.h>
#include <algorithm>

#include "tests/integration/sandbox/cartesia_fixture.h"

namespace latchkey::sandbox {
namespace {

using CartesiaTest = CartesiaFixture;

TEST_F(CartesiaTest, SpeaksAShortTextAsBytes) {
  const std::string body = fmt::format(R"({{{},"transcript":"Hi."}})", kFields);

  const absl::StatusOr<http::Response> response = Send(Post("/tts/bytes", body, good_));

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->headers.Get("content-type"), "audio/pcm");
  const std::vector<uint8_t> spoken = Spoken("slt", "Hi.");
  EXPECT_EQ(response->body, std::string(spoken.begin(), spoken.end()));
}

TEST_F(CartesiaTest, RefusesBadKeysAndFormats) {
  const std::string body = fmt::format(R"({{{},"transcript":"Hi."}})", kFields);
  EXPECT_EQ(Send(Post("/tts/bytes", body, unknown_))->status, 401);
  const absl::StatusOr<http::Response> busy = Send(Post("/tts/bytes", body, busy_));
  EXPECT_EQ(busy->status, 429);
  EXPECT_EQ(TextAt(json::parse(busy->body), "/error_code"), "concurrency_limited");
  const absl::StatusOr<http::Response> unfunded = Send(Post("/tts/bytes", body, unfunded_));
  EXPECT_EQ(unfunded->status, 402);
  EXPECT_EQ(TextAt(json::parse(unfunded->body), "/error_code"), "quota_exceeded");
  EXPECT_EQ(Send(Post("/tts/bytes", R"({"transcript":"Hi."})", good_))->status, 400);
  http::Request unversioned = Post("/tts/bytes", body, good_);
  unversioned.headers = {};
  EXPECT_EQ(Send(unversioned)->status, 400);
  const auto refused = Open(unknown_);
  ASSERT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable, "upgrade_refused"));
  EXPECT_EQ(Metadata(refused.status())["http_status"], "401");
  EXPECT_THAT(Metadata(refused.status())["http_body"], ::testing::HasSubstr("Invalid API key"));
}

TEST_F(CartesiaTest, AnswersAContextWithTimestampsAudioAndOneDone) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Speak(**websocket, "call-1", "Good morning.", false);
  const std::vector<json::value> messages = ReadUntil(**websocket, "done");

  EXPECT_THAT(TypeRunsOf(messages), ::testing::ElementsAre("timestamps", "chunk", "done"));
  EXPECT_EQ(AudioOf(messages), Spoken("slt", "Good morning."));
  EXPECT_EQ(messages.back().at("done"), true);
  EXPECT_EQ(messages.back().at("status_code"), 200);
  EXPECT_EQ(messages.front().at("status_code"), 206);
}

TEST_F(CartesiaTest, SaysWhenAFlushIsDoneAndKeepsTheContext) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  const std::string flush =
      fmt::format(R"({{{},"context_id":"call-1","transcript":"Yes","continue":true,"flush":true,)"
                  R"("max_buffer_delay_ms":3000}})",
                  kFields);
  ASSERT_THAT(Await(io_, (*websocket)->WriteText(flush)), IsOk());
  const std::vector<json::value> flushed = ReadUntil(**websocket, "flush_done");
  Speak(**websocket, "call-1", "", false);

  EXPECT_EQ(AudioOf(flushed), Spoken("slt", "Yes"));
  EXPECT_EQ(flushed.back().at("flush_id"), 0);
  EXPECT_THAT(TypeRunsOf(ReadUntil(**websocket, "done")), ::testing::ElementsAre("done"));
}

TEST_F(CartesiaTest, SpeaksPiecesOfOneContextInOrderUntilItIsDone) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Speak(**websocket, "call-1", "Good morning.", true);
  Speak(**websocket, "call-1", "How are you?", true);
  Speak(**websocket, "call-1", "", false);
  const std::vector<json::value> messages = ReadUntil(**websocket, "done");

  std::vector<uint8_t> wanted = Spoken("slt", "Good morning.");
  const double second_begins = static_cast<double>(wanted.size()) / 8000;
  for (const uint8_t sample : Spoken("slt", "How are you?")) wanted.push_back(sample);
  EXPECT_EQ(AudioOf(messages), wanted);
  std::vector<std::string> words;
  std::vector<double> starts;
  for (const json::value& message : messages) {
    EXPECT_EQ(TextAt(message, "/context_id"), "call-1");
    if (TextAt(message, "/type") != "timestamps") continue;
    for (const json::value& word : message.at_pointer("/word_timestamps/words").as_array()) {
      words.emplace_back(word.as_string());
    }
    for (const json::value& start : message.at_pointer("/word_timestamps/start").as_array()) {
      starts.push_back(start.as_double());
    }
  }
  EXPECT_THAT(words, ::testing::ElementsAre("Good", "morning.", "How", "are", "you?"));
  ASSERT_EQ(starts.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(starts));
  EXPECT_LT(starts[1], second_begins);
  EXPECT_GE(starts[2], second_begins);
}

TEST_F(CartesiaTest, StopsACancelledContextAndGoesOnWithTheNext) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  const std::string text = "This is a rather long sentence that nobody will hear to its end.";
  Speak(**websocket, "call-1", text, true);
  const std::vector<json::value> before = ReadUntil(**websocket, "chunk");

  ASSERT_THAT(Await(io_, (*websocket)->WriteText(R"({"context_id":"call-1","cancel":true})")),
              IsOk());
  Speak(**websocket, "call-2", "Yes.", false);
  std::vector<json::value> cancelled = before;
  std::vector<json::value> next;
  for (json::value& message : ReadUntil(**websocket, "done")) {
    (TextAt(message, "/context_id") == "call-1" ? cancelled : next).push_back(std::move(message));
  }

  EXPECT_LT(AudioOf(cancelled).size(), Spoken("slt", text).size());
  EXPECT_EQ(AudioOf(next), Spoken("slt", "Yes."));
}

TEST_F(CartesiaTest, AnswersNonsenseWithAnErrorAndStaysOpen) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  ASSERT_THAT(Await(io_, (*websocket)->WriteText("{nonsense")), IsOk());
  const json::value error = Read(**websocket);
  EXPECT_EQ(TextAt(error, "/type"), "error");
  EXPECT_FALSE(error.as_object().contains("context_id"));

  Speak(**websocket, "call-1", "Yes.", false);
  EXPECT_EQ(TextAt(ReadUntil(**websocket, "done").back(), "/type"), "done");
}

TEST_F(CartesiaTest, RefusesOneContextAndNotTheSocket) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  const std::string wide =
      R"({"model_id":"sonic-3.5","voice":"v","transcript":"Hi.","context_id":"call-1",)"
      R"("output_format":{"container":"raw","encoding":"pcm_s16le","sample_rate":16000}})";
  const std::string old =
      R"({"model_id":"sonic-2","voice":"v","transcript":"Hi.","context_id":"call-2",)"
      R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000}})";

  ASSERT_THAT(Await(io_, (*websocket)->WriteText(wide)), IsOk());
  const json::value format = Read(**websocket);
  ASSERT_THAT(Await(io_, (*websocket)->WriteText(old)), IsOk());
  const json::value model = Read(**websocket);
  Speak(**websocket, "call-3", "Yes.", false);

  EXPECT_EQ(TextAt(format, "/error_code"), "unsupported_audio_format");
  EXPECT_EQ(TextAt(format, "/context_id"), "call-1");
  EXPECT_EQ(TextAt(model, "/error_code"), "model_sunsetted");
  EXPECT_EQ(model.at("status_code"), 400);
  EXPECT_EQ(TextAt(ReadUntil(**websocket, "done").back(), "/context_id"), "call-3");
}

TEST_F(CartesiaTest, AContextKeepsItsVoice) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Speak(**websocket, "call-1", "Good morning.", true);
  const std::string other =
      R"({"model_id":"sonic-3.5","voice":"another","transcript":"Hi.","context_id":"call-1",)"
      R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000}})";

  ASSERT_THAT(Await(io_, (*websocket)->WriteText(other)), IsOk());

  const json::value error = ReadUntil(**websocket, "error").back();
  EXPECT_EQ(error.at("status_code"), 400);
  EXPECT_EQ(error.at("context_id"), "call-1");
}

TEST_F(CartesiaTest, ListsItsVoices) {
  http::Request request("GET", UrlOf("/voices", {{"limit", "1"}}));
  request.headers.Set("cartesia-version", "2026-08-14");
  request.secret = http::SecretHeader::Bearer(good_);

  const json::value page = json::parse(Send(request)->body);

  EXPECT_EQ(TextAt(page, "/data/0/name"), "Katie");
  EXPECT_EQ(page.at("has_more"), true);
  EXPECT_EQ(TextAt(page, "/next_page"), TextAt(page, "/data/0/id"));
}

TEST_F(CartesiaTest, TakesKeyAndVersionFromTheQuery) {
  http::Request request(
      "GET", UrlOf("/voices", {{"api_key", "good"}, {"cartesia_version", "2026-08-14"}}));

  EXPECT_EQ(Send(request)->status, 200);
}

TEST_F(CartesiaTest, MeetsTheFaultsOfItsScenario) {
  Arm(Provider::kCartesia, Fault::Moment::kMidStream, Fault::Kind::kStatus, 429);
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  Speak(**websocket, "call-1", "Good morning.", false);
  const std::vector<json::value> messages = ReadUntil(**websocket, "error");
  EXPECT_EQ(messages.back().at("status_code"), 429);
  EXPECT_EQ(messages.back().at("context_id"), "call-1");

  Arm(Provider::kCartesia, Fault::Moment::kMidStream, Fault::Kind::kDrop);
  Speak(**websocket, "call-2", "Good morning.", false);
  // Neither a `done` of the context that failed, nor of the one that was cut.
  EXPECT_THAT(TypeRunsOf(ReadAll(**websocket)), ::testing::ElementsAre("timestamps", "chunk"));
}

}  // namespace
}  // namespace latchkey::sandbox
