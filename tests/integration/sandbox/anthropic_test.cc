#include "sandbox/providers/anthropic.h"

#include <algorithm>

#include "tests/integration/sandbox/anthropic_fixture.h"

namespace latchkey::sandbox {
namespace {

using ::testing::HasSubstr;

using AnthropicTest = AnthropicFixture;

TEST_F(AnthropicTest, AnswersAProbeWithOneTokenAndTheLimits) {
  const absl::StatusOr<http::Response> response = Send(Post("/v1/messages", kProbe, good_));

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(TextAt(json::parse(response->body), "/stop_reason"), "max_tokens");
  EXPECT_EQ(response->headers.Get("anthropic-ratelimit-requests-limit"), "1000");
}

TEST_F(AnthropicTest, TakesAKeyInEitherHeader) {
  http::Request request = Post("/v1/messages", kProbe, good_);
  request.secret = http::SecretHeader("x-api-key", "", good_);

  EXPECT_EQ(Send(request)->status, 200);
}

TEST_F(AnthropicTest, RefusesKeysAsTheApiDoes) {
  const absl::StatusOr<http::Response> unknown = Send(Post("/v1/messages", kProbe, unknown_));
  const absl::StatusOr<http::Response> busy = Send(Post("/v1/messages", kProbe, busy_));

  EXPECT_EQ(unknown->status, 401);
  EXPECT_EQ(TextAt(json::parse(unknown->body), "/type"), "error");
  EXPECT_EQ(TextAt(json::parse(unknown->body), "/error/type"), "authentication_error");
  EXPECT_EQ(TextAt(json::parse(unknown->body), "/error/message"), "invalid x-api-key");
  EXPECT_TRUE(unknown->headers.Has("request-id"));
  EXPECT_EQ(busy->status, 429);
  EXPECT_EQ(TextAt(json::parse(busy->body), "/error/type"), "rate_limit_error");
  EXPECT_TRUE(busy->headers.Has("retry-after"));
}

TEST_F(AnthropicTest, RefusesWhatTheApiRefuses) {
  for (const char* messages :
       {R"([])", R"([{"role":"assistant","content":"Hi"}])",
        R"([{"role":"user","content":"Hi"},{"role":"assistant","content":"Y"}])"}) {
    const std::string body = std::string(R"({"model":"claude-haiku-5-5","max_tokens":9,)") +
                             R"("messages":)" + messages + "}";
    EXPECT_EQ(Send(Post("/v1/messages", body, good_))->status, 400) << messages;
  }
  EXPECT_EQ(Send(Post("/v1/messages", "{", good_))->status, 400);
  http::Request unversioned = Post("/v1/messages", kProbe, good_);
  unversioned.headers = {};
  EXPECT_EQ(Send(unversioned)->status, 400);
}

TEST_F(AnthropicTest, AnEmptyBalanceShowsOnMessagesOnly) {
  http::Request models("GET", UrlOf("/v1/models", {{"limit", "1"}}));
  models.headers.Set("anthropic-version", "2023-06-01");
  models.secret = http::SecretHeader::Bearer(unfunded_);

  const absl::StatusOr<http::Response> listed = Send(models);
  const absl::StatusOr<http::Response> asked = Send(Post("/v1/messages", kProbe, unfunded_));

  EXPECT_EQ(listed->status, 200);
  EXPECT_EQ(asked->status, 400);
  EXPECT_THAT(TextAt(json::parse(asked->body), "/error/message"), HasSubstr("credit balance"));
}

TEST_F(AnthropicTest, DoesNotFindAModelThatItDoesNotServe) {
  const char* body =
      R"({"model":"claude-2","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]})";

  const absl::StatusOr<http::Response> response = Send(Post("/v1/messages", body, good_));

  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(TextAt(json::parse(response->body), "/error/type"), "not_found_error");
}

TEST_F(AnthropicTest, SendsItsEventsInTheApisOrder) {
  const absl::StatusOr<std::vector<Event>> events = Stream("Goodbye.");

  ASSERT_THAT(events, IsOk());
  EXPECT_THAT(
      NamesOf(*events),
      ::testing::ElementsAre("message_start", "ping", "content_block_start", "content_block_delta",
                             "content_block_delta", "content_block_stop", "content_block_start",
                             "content_block_delta", "content_block_delta", "content_block_delta",
                             "content_block_stop", "message_delta", "message_stop"));
  for (const Event& event : *events) {
    EXPECT_EQ(TextAt(json::parse(event.data), "/type"), event.event);
  }
}

TEST_F(AnthropicTest, UsesNoToolThatItWasNotOffered) {
  const std::string body =
      R"({"model":"claude-haiku-5-5","max_tokens":300,"stream":true,)"
      R"("thinking":{"type":"disabled"},"messages":[{"role":"user","content":"Goodbye."}]})";

  const absl::StatusOr<std::vector<Event>> events =
      Await(io_, ReadEvents(*client_, Post("/v1/messages", body, good_), limits_));

  ASSERT_THAT(events, IsOk());
  EXPECT_EQ(SpokenIn(*events), "Goodbye then!");
  EXPECT_THAT((*events)[events->size() - 2].data, HasSubstr("end_turn"));
}

TEST_F(AnthropicTest, StreamsTheReplyThatFits) {
  const absl::StatusOr<std::vector<Event>> events = Stream("When are you open?");

  ASSERT_THAT(events, IsOk());
  EXPECT_EQ(SpokenIn(*events), "We are open on Friday.");
  EXPECT_EQ(events->front().event, "message_start");
  EXPECT_EQ(events->back().event, "message_stop");
  EXPECT_THAT((*events)[events->size() - 2].data, HasSubstr("end_turn"));
}

TEST_F(AnthropicTest, UsesTheToolThatEndsTheCall) {
  const absl::StatusOr<std::vector<Event>> events = Stream("Thank you, goodbye.");

  ASSERT_THAT(events, IsOk());
  EXPECT_EQ(SpokenIn(*events), "Goodbye then!");
  std::string tool;
  for (const Event& event : *events) tool += TextAt(json::parse(event.data), "/content_block/name");
  EXPECT_EQ(tool, "end_call");
  EXPECT_THAT((*events)[events->size() - 2].data, HasSubstr("tool_use"));
}

TEST_F(AnthropicTest, MeetsTheFaultsOfItsScenario) {
  Arm(Provider::kAnthropic, Fault::Moment::kConnect, Fault::Kind::kStatus, 529);
  EXPECT_EQ(Send(Post("/v1/messages", kProbe, good_))->status, 529);

  Arm(Provider::kAnthropic, Fault::Moment::kConnect, Fault::Kind::kDrop);
  EXPECT_THAT(Stream("Hi"), StatusIs(absl::StatusCode::kUnavailable, "unreachable"));

  Arm(Provider::kAnthropic, Fault::Moment::kMidStream, Fault::Kind::kStatus, 529);
  const absl::StatusOr<std::vector<Event>> broken = Stream("Hi");
  ASSERT_THAT(broken, IsOk());
  EXPECT_EQ(SpokenIn(*broken), "We");
  EXPECT_EQ(broken->back().event, "error");
  EXPECT_THAT(broken->back().data, HasSubstr("overloaded_error"));

  Arm(Provider::kAnthropic, Fault::Moment::kMidStream, Fault::Kind::kDrop);
  EXPECT_THAT(Stream("Hi"), StatusIs(absl::StatusCode::kUnavailable, "unreachable"));

  EXPECT_THAT(Stream("Hi"), IsOk());
}

TEST_F(AnthropicTest, TellsOfOneModelAndCountsTokens) {
  const auto get = [&](std::string_view path) {
    http::Request request("GET", UrlOf(path));
    request.headers.Set("anthropic-version", "2023-06-01");
    request.secret = http::SecretHeader::Bearer(good_);
    return Send(request);
  };

  const auto model = get("/v1/models/claude-haiku-5-5");
  const char* question =
      R"({"model":"claude-haiku-5-5","messages":[{"role":"user","content":"Hi"}]})";
  const auto counted = Send(Post("/v1/messages/count_tokens", question, good_));

  EXPECT_EQ(TextAt(json::parse(model->body), "/display_name"), "Claude Haiku 5.5");
  EXPECT_EQ(get("/v1/models/claude-2")->status, 404);
  EXPECT_EQ(json::parse(counted->body).at("input_tokens"), 9);
}

TEST_F(AnthropicTest, RefusesBrowsersAndUnknownVersions) {
  http::Request browser = Post("/v1/messages", kProbe, good_);
  browser.headers.Set("origin", "https://example.com");
  http::Request old = Post("/v1/messages", kProbe, good_);
  old.headers.Set("anthropic-version", "2022-01-01");

  EXPECT_EQ(Send(browser)->status, 401);
  EXPECT_EQ(Send(old)->status, 400);
}

TEST_F(AnthropicTest, AHangIsNoAnswer) {
  Arm(Provider::kAnthropic, Fault::Moment::kConnect, Fault::Kind::kHang);
  limits_.first_byte = absl::Milliseconds(50);

  EXPECT_THAT(Stream("Hi"), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

}  // namespace
}  // namespace latchkey::sandbox
