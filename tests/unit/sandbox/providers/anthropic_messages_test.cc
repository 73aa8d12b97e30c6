#include "sandbox/providers/anthropic_messages.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Wrong(std::string_view messages, std::string_view rest = R"(,"max_tokens":9)") {
  return WrongWithMessages(json::parse(R"({"model":"claude-haiku-5-5","messages":)" +
                                       std::string(messages) + std::string(rest) + "}"));
}

TEST(AnthropicMessagesTest, TakesTextAndBlocks) {
  EXPECT_EQ(Wrong(R"([{"role":"user","content":"Hi"}])"), "");
  EXPECT_EQ(Wrong(R"([{"role":"user","content":[{"type":"text","text":"Hi"}]}])"), "");
  EXPECT_EQ(Wrong(R"([{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},)"
                  R"({"role":"user","content":"Bye"}])"),
            "");
}

TEST(AnthropicMessagesTest, RefusesWhatTheApiRefuses) {
  EXPECT_EQ(WrongWithMessages(json::parse("[]")), "the body must be an object");
  EXPECT_EQ(WrongWithMessages(json::parse("{}")), "model: Field required");
  EXPECT_EQ(Wrong(R"([{"role":"user","content":"Hi"}])", ""), "max_tokens: Field required");
  EXPECT_EQ(Wrong("[]"), "messages: Field required");
  EXPECT_THAT(Wrong("[1]"), HasSubstr("role and content"));
  EXPECT_THAT(Wrong(R"([{"role":"user","content":""}])"), HasSubstr("non-empty"));
  EXPECT_THAT(Wrong(R"([{"role":"assistant","content":"Hi"}])"), HasSubstr("first message"));
  EXPECT_THAT(Wrong(R"([{"role":"user","content":"A"},{"role":"assistant","content":"B"}])"),
              HasSubstr("prefill"));
}

TEST(AnthropicMessagesTest, ServesDatedModelsOfTheFamiliesThatItKnows) {
  EXPECT_TRUE(ServesModel("claude-haiku-5-5"));
  EXPECT_TRUE(ServesModel("claude-haiku-4-5-20251001"));
  EXPECT_FALSE(ServesModel("claude-sonnet-4-5"));
  EXPECT_FALSE(ServesModel(""));
}

TEST(AnthropicMessagesTest, ReadsWhatTheUserSaidLast) {
  const json::value body = json::parse(
      R"({"messages":[{"role":"user","content":"No"},{"role":"user","content":)"
      R"([{"type":"text","text":"Yes,"},{"type":"image"},{"type":"text","text":"please."}]}]})");

  EXPECT_EQ(LastUserText(body.get_object()), "Yes, please.");
}

TEST(AnthropicMessagesTest, AnswersAProbeWithOneWord) {
  Scenario scenario;
  scenario.agent.push_back({.when = {}, .say = "Good morning to you.", .end_call = false});
  const json::value probe = json::parse(
      R"({"model":"claude-haiku-5-5","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]})");

  const json::value answer = WholeMessage(scenario, probe.get_object());

  EXPECT_EQ(answer.at_pointer("/content/0/text"), "Good");
  EXPECT_EQ(answer.at("stop_reason"), "max_tokens");
  EXPECT_EQ(answer.at_pointer("/usage/output_tokens"), 1);
  EXPECT_EQ(answer.at("model"), "claude-haiku-5-5");
}

TEST(AnthropicMessagesTest, WritesEachEventWithItsNameAndABlankLine) {
  const std::string delta = TextDelta(" at \"ten\"\n");

  EXPECT_THAT(delta, StartsWith("event: content_block_delta\ndata: {"));
  EXPECT_TRUE(delta.ends_with("}\n\n"));
  EXPECT_EQ(delta.find('\n', delta.find("data: ")), delta.size() - 2);
  const json::value data = json::parse(delta.substr(delta.find('{')));
  EXPECT_EQ(data.at_pointer("/delta/text"), " at \"ten\"\n");
  EXPECT_EQ(data.at("index"), 0);
}

TEST(AnthropicMessagesTest, NamesEachFailureAsTheApiDoes) {
  EXPECT_EQ(AnthropicErrorType(401), "authentication_error");
  EXPECT_EQ(AnthropicErrorType(402), "billing_error");
  EXPECT_EQ(AnthropicErrorType(429), "rate_limit_error");
  EXPECT_EQ(AnthropicErrorType(500), "api_error");
  EXPECT_THAT(AnthropicErrorMessage(400), HasSubstr("credit balance"));
  EXPECT_THAT(ErrorEvent(529), StartsWith("event: error\ndata: {\"type\":\"error\""));
}

}  // namespace
}  // namespace latchkey::sandbox
