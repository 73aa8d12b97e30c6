#include "sandbox/providers/anthropic_request.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

constexpr char kVersion[] = "2023-06-01";

json::value Body(std::string_view model, std::string_view messages, std::string_view rest = "") {
  return json::parse(R"({"max_tokens":9,"model":")" + std::string(model) + R"(","messages":)" +
                     std::string(messages) + std::string(rest) + "}");
}

std::string Wrong(std::string_view messages, std::string_view rest = "",
                  std::string_view model = "claude-haiku-5-5",
                  std::string_view version = kVersion) {
  return WrongWithMessages(Body(model, messages, rest), version);
}

constexpr char kHi[] = R"([{"role":"user","content":"Hi"}])";

TEST(AnthropicRequestTest, TakesTextAndBlocks) {
  EXPECT_EQ(Wrong(kHi), "");
  EXPECT_EQ(Wrong(R"([{"role":"user","content":[{"type":"text","text":"Hi"}]}])"), "");
  EXPECT_EQ(Wrong(R"([{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},)"
                  R"({"role":"user","content":"Bye"}])"),
            "");
}

TEST(AnthropicRequestTest, RefusesWhatTheApiRefuses) {
  EXPECT_EQ(WrongWithMessages(json::parse("[]"), kVersion), "the body must be an object");
  EXPECT_EQ(WrongWithMessages(json::parse("{}"), kVersion), "model: Field required");
  EXPECT_EQ(Wrong("[]"), "messages: Field required");
  EXPECT_THAT(Wrong("[1]"), HasSubstr("role and content"));
  EXPECT_THAT(Wrong(R"([{"role":"system","content":"A"}])"), HasSubstr("'user' or 'assistant'"));
  EXPECT_THAT(Wrong(R"([{"role":"user","content":""}])"), HasSubstr("non-empty"));
  EXPECT_THAT(Wrong(R"([{"role":"user","content":[{"type":"text","text":""}]}])"),
              HasSubstr("non-empty"));
  EXPECT_THAT(Wrong(R"([{"role":"assistant","content":"Hi"}])"), HasSubstr("first message"));
}

TEST(AnthropicRequestTest, AnAnswerNeedsALimit) {
  EXPECT_EQ(WrongWithMaxTokens({}), "max_tokens: Field required");
  EXPECT_THAT(WrongWithMaxTokens({{"max_tokens", -1}}), HasSubstr("greater"));
  EXPECT_EQ(WrongWithMaxTokens({{"max_tokens", 0}}), "");  // Warms the cache.
}

TEST(AnthropicRequestTest, EachModelRefusesWhatItDoesNotSupport) {
  const std::string disabled = R"(,"thinking":{"type":"disabled"})";
  const std::string enabled = R"(,"thinking":{"type":"enabled","budget_tokens":1024})";
  const std::string forced = R"(,"tool_choice":{"type":"any"})";
  const std::string prefill =
      R"([{"role":"user","content":"A"},{"role":"assistant","content":"B"}])";

  EXPECT_EQ(Wrong(kHi, disabled), "");
  EXPECT_THAT(Wrong(kHi, disabled, "claude-sonnet-5-5"), HasSubstr("disabled"));
  EXPECT_THAT(Wrong(kHi, enabled), HasSubstr("enabled"));
  EXPECT_EQ(Wrong(kHi, enabled, "claude-haiku-4-5"), "");
  EXPECT_EQ(Wrong(kHi, forced), "");
  EXPECT_THAT(Wrong(kHi, forced, "claude-sonnet-5-5"), HasSubstr("tool_choice"));
  EXPECT_THAT(Wrong(prefill), HasSubstr("prefill"));
  EXPECT_EQ(Wrong(prefill, "", "claude-haiku-4-5"), "");
}

TEST(AnthropicRequestTest, SamplingBelongsToTheOlderVersion) {
  const std::string warm = R"(,"temperature":1)";

  EXPECT_EQ(Wrong(kHi, warm), "");
  EXPECT_THAT(Wrong(kHi, warm, "claude-haiku-5-5", "2026-10-21"), HasSubstr("temperature"));
}

TEST(AnthropicRequestTest, EachUseOfAToolNeedsItsResult) {
  const std::string used =
      R"([{"role":"user","content":"Bye"},)"
      R"({"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"n","input":{}}]},)";
  const std::string result =
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"ok"}]}])";

  EXPECT_EQ(Wrong(used + result), "");
  EXPECT_THAT(Wrong(used + R"({"role":"user","content":"And?"}])"), HasSubstr("t1"));
}

TEST(AnthropicRequestTest, ReadsWhatTheUserSaidLast) {
  const json::value body = Body(
      "claude-haiku-5-5",
      R"([{"role":"user","content":"No"},{"role":"user","content":)"
      R"([{"type":"text","text":"Yes,"},{"type":"image"},{"type":"text","text":"please."}]}])");

  EXPECT_EQ(LastUserText(body.get_object()), "Yes, please.");
}

TEST(AnthropicRequestTest, ModelsFromFiveOnThinkUnlessTheyAreToldNotTo) {
  EXPECT_TRUE(Thinks(Body("claude-haiku-5-5", kHi).get_object()));
  EXPECT_FALSE(
      Thinks(Body("claude-haiku-5-5", kHi, R"(,"thinking":{"type":"disabled"})").get_object()));
  EXPECT_FALSE(Thinks(Body("claude-haiku-4-5", kHi).get_object()));
  EXPECT_TRUE(Thinks(Body("claude-sonnet-5-5", kHi).get_object()));
}

}  // namespace
}  // namespace latchkey::sandbox
