// What a scenario's quirks.anthropic do.

#include <algorithm>

#include "tests/integration/sandbox/anthropic_fixture.h"

namespace latchkey::sandbox {
namespace {

using ::testing::HasSubstr;

using AnthropicQuirksTest = AnthropicFixture;

TEST_F(AnthropicQuirksTest, ThinksBeforeItSpeaksUnlessItIsToldNotTo) {
  const std::string body = R"({"model":"claude-haiku-5-5","max_tokens":300,"stream":true,)"
                           R"("messages":[{"role":"user","content":"Hi"}]})";

  const absl::StatusOr<std::vector<Event>> events =
      Await(io_, ReadEvents(*client_, Post("/v1/messages", body, good_), limits_));

  ASSERT_THAT(events, IsOk());
  std::vector<std::string> blocks;
  for (const Event& event : *events) {
    const std::string type = TextAt(json::parse(event.data), "/content_block/type");
    if (!type.empty()) blocks.push_back(type);
  }
  EXPECT_THAT(blocks, ::testing::ElementsAre("thinking", "text"));
  EXPECT_EQ(SpokenIn(*events), "We are open on Friday.");
}

TEST_F(AnthropicQuirksTest, CutsItsEventsAnywhere) {
  Change([](Scenario& scenario) {
    scenario.agent = {{.when = {}, .say = "Grüß Gott — schön, Sie zu hören!"}};
    scenario.quirks.anthropic.chunk_bytes = 3;
  });

  const absl::StatusOr<std::vector<Event>> events = Stream("Hi");

  ASSERT_THAT(events, IsOk());
  EXPECT_EQ(SpokenIn(*events), "Grüß Gott — schön, Sie zu hören!");
  EXPECT_EQ(events->back().event, "message_stop");
}

TEST_F(AnthropicQuirksTest, PingsMeanNothing) {
  Change([](Scenario& scenario) { scenario.quirks.anthropic.pings = 2; });

  const absl::StatusOr<std::vector<Event>> events = Stream("Hi");

  ASSERT_THAT(events, IsOk());
  EXPECT_EQ(std::ranges::count(NamesOf(*events), "ping"), 11);
  EXPECT_EQ(SpokenIn(*events), "We are open on Friday.");
}

TEST_F(AnthropicQuirksTest, MayRefuseToAnswer) {
  Change([](Scenario& scenario) { scenario.quirks.anthropic.stop_reason = "refusal"; });

  const absl::StatusOr<std::vector<Event>> events = Stream("Hi");

  ASSERT_THAT(events, IsOk());
  EXPECT_EQ(SpokenIn(*events), "");
  EXPECT_THAT((*events)[events->size() - 2].data, HasSubstr("\"stop_reason\":\"refusal\""));
}

TEST_F(AnthropicQuirksTest, CountsItsLimitsDownAndThenSaysWhenToComeBack) {
  Change([](Scenario& scenario) {
    scenario.quirks.anthropic.requests_per_minute = 2;
    scenario.quirks.anthropic.enforce_limits = true;
  });

  const auto first = Send(Post("/v1/messages", kProbe, good_));
  const auto second = Send(Post("/v1/messages", kProbe, good_));
  const auto third = Send(Post("/v1/messages", kProbe, good_));

  EXPECT_EQ(first->headers.Get("anthropic-ratelimit-requests-remaining"), "1");
  EXPECT_EQ(second->headers.Get("anthropic-ratelimit-requests-remaining"), "0");
  EXPECT_NE(first->headers.Get("request-id"), second->headers.Get("request-id"));
  EXPECT_EQ(third->status, 429);
  EXPECT_EQ(third->headers.Get("retry-after"), "30");
}

TEST_F(AnthropicQuirksTest, ASpendLimitIsA429WithoutRetryAfter) {
  Fault limit;
  limit.status = 429;
  limit.code = "enforced_spend_limit_reached";
  stage_.AddFault(limit);

  const auto response = Send(Post("/v1/messages", kProbe, good_));

  EXPECT_EQ(response->status, 429);
  EXPECT_FALSE(response->headers.Has("retry-after"));
  EXPECT_EQ(TextAt(json::parse(response->body), "/error/type"), "rate_limit_error");
  EXPECT_EQ(TextAt(json::parse(response->body), "/error/details/error_code"),
            "enforced_spend_limit_reached");
}

TEST_F(AnthropicQuirksTest, BeingBusyMayComeWithoutRetryAfter) {
  Fault busy;
  busy.status = 429;
  busy.retry_after = 0;
  stage_.AddFault(busy);

  const auto response = Send(Post("/v1/messages", kProbe, good_));

  EXPECT_EQ(response->status, 429);
  EXPECT_FALSE(response->headers.Has("retry-after"));
}

}  // namespace
}  // namespace latchkey::sandbox
