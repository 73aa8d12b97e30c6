// What a scenario's quirks.cartesia do.

#include <fmt/format.h>
#include <algorithm>

#include "tests/integration/sandbox/cartesia_fixture.h"

namespace latchkey::sandbox {
namespace {

using CartesiaQuirksTest = CartesiaFixture;

TEST_F(CartesiaQuirksTest, SendsAudioInOddSizes) {
  Change([](Scenario& scenario) { scenario.quirks.cartesia.chunk_bytes = {1, 777, 2048}; });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Speak(**websocket, "call-1", "Good morning.", false);
  const std::vector<json::value> messages = ReadUntil(**websocket, "done");

  EXPECT_EQ(AudioOf(messages), Spoken("slt", "Good morning."));
  EXPECT_EQ(TextAt(messages[1], "/data").size(), 4u);  // One byte in base64.
}

TEST_F(CartesiaQuirksTest, PiecesOfASentenceWaitForItsEnd) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  for (const char* piece : {"Good ", "morning", "."}) {
    const std::string request =
        fmt::format(R"({{{},"context_id":"c","transcript":"{}","continue":true}})", kFields, piece);
    ASSERT_THAT(Await(io_, (*websocket)->WriteText(request)), IsOk());
  }
  Speak(**websocket, "d", "Yes.", false);  // By its end all of the first is spoken.

  std::vector<json::value> first = ReadUntil(**websocket, "done");
  std::erase_if(first, [](const json::value& m) { return TextAt(m, "/context_id") != "c"; });
  EXPECT_EQ(AudioOf(first), Spoken("slt", "Good morning."));
}

TEST_F(CartesiaQuirksTest, ASentenceWithoutAnEndWaitsForAsLongAsItMay) {
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  const std::string request = fmt::format(
      R"({{{},"context_id":"c","transcript":"Good","continue":true,"max_buffer_delay_ms":50}})",
      kFields);
  const absl::Time start = clock_.Now();

  ASSERT_THAT(Await(io_, (*websocket)->WriteText(request)), IsOk());
  EXPECT_EQ(TextAt(Read(**websocket), "/type"), "chunk");

  EXPECT_GE(clock_.Now() - start, absl::Milliseconds(50));
}

TEST_F(CartesiaQuirksTest, AContextBeginsAnewASecondAfterItsLastAudio) {
  Change([](Scenario& scenario) { scenario.quirks.cartesia.context_life = absl::ZeroDuration(); });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Speak(**websocket, "call-1", "Good morning.", true);
  Speak(**websocket, "call-1", "Yes.", false);
  std::vector<json::value> messages = ReadUntil(**websocket, "done");

  std::erase_if(messages, [](const json::value& m) { return TextAt(m, "/type") != "timestamps"; });
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_LT(messages[1].at_pointer("/word_timestamps/start/0").as_double(), 0.3);
}

TEST_F(CartesiaQuirksTest, MoreContextsThanThePlanHasAreRefused) {
  Change([](Scenario& scenario) { scenario.quirks.cartesia.contexts_max = 1; });
  auto one = Open(good_);
  auto two = Open(good_);
  ASSERT_THAT(one, IsOk());
  ASSERT_THAT(two, IsOk());

  Speak(**one, "call-1", "This is a rather long sentence that takes its time.", false);
  EXPECT_EQ(TextAt(Read(**one), "/type"), "timestamps");
  Speak(**two, "call-2", "Yes.", false);
  const json::value refused = Read(**two);
  ReadUntil(**one, "done");
  Speak(**two, "call-3", "Yes.", false);

  EXPECT_EQ(refused.at("status_code"), 429);
  EXPECT_EQ(TextAt(refused, "/error_code"), "concurrency_limited");
  EXPECT_EQ(TextAt(refused, "/context_id"), "call-2");
  EXPECT_EQ(TextAt(ReadUntil(**two, "done").back(), "/context_id"), "call-3");
}

TEST_F(CartesiaQuirksTest, MoreSocketsThanThePlanHasAreRefused) {
  Change([](Scenario& scenario) { scenario.quirks.cartesia.sockets_max = 1; });
  auto one = Open(good_);
  ASSERT_THAT(one, IsOk());

  const auto two = Open(good_);

  EXPECT_EQ(Metadata(two.status())["http_status"], "429");
}

TEST_F(CartesiaQuirksTest, CreditsComeToAnEnd) {
  Change([](Scenario& scenario) { scenario.quirks.cartesia.credits = 15; });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());

  Speak(**websocket, "call-1", "Good morning.", true);
  Speak(**websocket, "call-1", "How are you?", true);

  const json::value error = ReadUntil(**websocket, "error").back();
  EXPECT_EQ(error.at("status_code"), 402);
  EXPECT_EQ(TextAt(error, "/error_code"), "quota_exceeded");
}

TEST_F(CartesiaQuirksTest, ACancelMayComeTooLate) {
  Change([](Scenario& scenario) { scenario.quirks.cartesia.cancel_is_late = true; });
  auto websocket = Open(good_);
  ASSERT_THAT(websocket, IsOk());
  const std::string text = "This sentence is heard to its end.";
  Speak(**websocket, "call-1", text, true);
  std::vector<json::value> messages = ReadUntil(**websocket, "chunk");

  ASSERT_THAT(Await(io_, (*websocket)->WriteText(R"({"context_id":"call-1","cancel":true})")),
              IsOk());
  Speak(**websocket, "call-2", "Yes.", false);
  for (json::value& message : ReadUntil(**websocket, "done")) {
    if (TextAt(message, "/context_id") == "call-1") messages.push_back(std::move(message));
  }

  EXPECT_EQ(AudioOf(messages), Spoken("slt", text));
}

TEST_F(CartesiaQuirksTest, DoesNotKnowEveryVoice) {
  Change([](Scenario& scenario) { scenario.quirks.cartesia.unknown_voices = {"v"}; });
  const std::string body =
      R"({"model_id":"sonic-3.5","voice":"v","transcript":"Hi.",)"
      R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000}})";

  const absl::StatusOr<http::Response> response = Send(Post("/tts/bytes", body, good_));

  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(TextAt(json::parse(response->body), "/error_code"), "voice_not_found");
}

TEST_F(CartesiaQuirksTest, ClosesASocketThatIsIdleOrTooOld) {
  Change([](Scenario& scenario) {
    scenario.quirks.cartesia.idle_max = absl::Milliseconds(20);
    scenario.quirks.cartesia.close_code = 1001;
  });
  auto idle = Open(good_);
  ASSERT_THAT(idle, IsOk());
  EXPECT_EQ(Metadata(Await(io_, (*idle)->Read()).status())["close_code"], "1001");

  Change([](Scenario& scenario) {
    scenario.quirks.cartesia.idle_max = absl::Minutes(5);
    scenario.quirks.cartesia.session_max = absl::Milliseconds(400);
  });
  std::string text;
  for (int i = 0; i < 8; ++i) text += "This is a rather long text that nobody hears to its end. ";
  Spoken("slt", text);  // From now on without the time that speaking takes.
  auto old = Open(good_);
  ASSERT_THAT(old, IsOk());
  Speak(**old, "call-1", text, false);
  EXPECT_THAT(TypeRunsOf(ReadAll(**old)), ::testing::ElementsAre("timestamps", "chunk"));
}

}  // namespace
}  // namespace latchkey::sandbox
