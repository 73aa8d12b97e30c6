#include "sandbox/providers/anthropic_answer.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using ::testing::StartsWith;

Scenario Polite() {
  Scenario scenario;
  scenario.agent.push_back({.when = {}, .say = "Good morning to you.", .end_call = true});
  return scenario;
}

json::object Ask(std::string_view rest, int max_tokens = 300) {
  return json::parse(R"({"model":"claude-haiku-5-5","max_tokens":)" + std::to_string(max_tokens) +
                     R"(,"messages":[{"role":"user","content":"Hi"}])" + std::string(rest) + "}")
      .get_object();
}

constexpr char kCalm[] = R"(,"thinking":{"type":"disabled"})";

TEST(AnthropicAnswerTest, AnswersAProbeWithOneWord) {
  const json::value answer = WholeMessage(MakeAnthropicAnswer(Polite(), Ask(kCalm, 1)));

  EXPECT_EQ(answer.at_pointer("/content/0/text"), "Good");
  EXPECT_EQ(answer.at("stop_reason"), "max_tokens");
  EXPECT_EQ(answer.at_pointer("/usage/output_tokens"), 1);
  EXPECT_EQ(answer.at("model"), "claude-haiku-5-5");
}

TEST(AnthropicAnswerTest, ThinksFirst) {
  const json::value answer = WholeMessage(MakeAnthropicAnswer(Polite(), Ask("")));

  EXPECT_EQ(answer.at_pointer("/content/0/type"), "thinking");
  EXPECT_EQ(answer.at_pointer("/content/1/text"), "Good morning to you.");
}

TEST(AnthropicAnswerTest, ThinkingEatsTheTokens) {
  const AnthropicAnswer answer = MakeAnthropicAnswer(Polite(), Ask("", 30));

  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(answer.stop_reason, "max_tokens");
  EXPECT_EQ(answer.output_tokens, 30);
}

TEST(AnthropicAnswerTest, UsesAToolThatItIsOffered) {
  const std::string tools = std::string(kCalm) + R"(,"tools":[{"name":"end_call"}])";

  const json::value answer = WholeMessage(MakeAnthropicAnswer(Polite(), Ask(tools)));

  EXPECT_EQ(answer.at("stop_reason"), "tool_use");
  EXPECT_EQ(answer.at_pointer("/content/1/name"), "end_call");
  EXPECT_FALSE(MakeAnthropicAnswer(Polite(), Ask(kCalm)).end_call);
}

Scenario WithTools() {
  Scenario scenario;
  scenario.agent.push_back(
      {.after_tool = "find_slot", .say = "There is {answer}, if that suits you."});
  scenario.agent.push_back(
      {.say = "Let me see.",
       .tools = {{.name = "find_slot", .arguments = R"({"day":"monday"})", .times = 2},
                 {.name = "not_offered"}}});
  return scenario;
}

TEST(AnthropicAnswerTest, UsesTheScenariosToolsWithTheirArguments) {
  const std::string tools = std::string(kCalm) + R"(,"tools":[{"name":"find_slot"}])";

  const json::value answer = WholeMessage(MakeAnthropicAnswer(WithTools(), Ask(tools)));

  ASSERT_EQ(answer.at("content").as_array().size(), 3u);
  EXPECT_EQ(answer.at_pointer("/content/1/name"), "find_slot");
  EXPECT_EQ(answer.at_pointer("/content/1/input/day"), "monday");
  EXPECT_NE(answer.at_pointer("/content/1/id"), answer.at_pointer("/content/2/id"));
  EXPECT_EQ(answer.at("stop_reason"), "tool_use");
}

TEST(AnthropicAnswerTest, UsesNoToolWhenItIsToldNotTo) {
  const std::string tools =
      std::string(kCalm) + R"(,"tools":[{"name":"find_slot"}],"tool_choice":{"type":"none"})";

  EXPECT_TRUE(MakeAnthropicAnswer(WithTools(), Ask(tools)).tools.empty());
}

TEST(AnthropicAnswerTest, AToolsResultHasAReplyOfItsOwn) {
  const json::object body =
      json::parse(R"({"model":"claude-haiku-5-5","max_tokens":300,"thinking":{"type":"disabled"},
        "messages":[{"role":"user","content":"Hi"},
          {"role":"assistant","content":[
            {"type":"tool_use","id":"t1","name":"find_slot","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1",
            "content":"{\"tool\":\"find_slot\",\"answer\":\"ten o'clock\"}"}]}]})")
          .as_object();

  EXPECT_EQ(MakeAnthropicAnswer(WithTools(), body).text,
            "There is ten o'clock, if that suits you.");
}

TEST(AnthropicAnswerTest, StopsAtASequence) {
  const std::string sequences = std::string(kCalm) + R"(,"stop_sequences":[" to"])";

  const AnthropicAnswer answer = MakeAnthropicAnswer(Polite(), Ask(sequences));

  EXPECT_EQ(answer.text, "Good morning");
  EXPECT_EQ(answer.stop_reason, "stop_sequence");
  EXPECT_EQ(answer.stop_sequence, " to");
}

TEST(AnthropicAnswerTest, EndsAsTheScenarioSays) {
  Scenario scenario = Polite();
  scenario.quirks.anthropic.stop_reason = "refusal";
  const AnthropicAnswer refused = MakeAnthropicAnswer(scenario, Ask(kCalm));
  scenario.quirks.anthropic.stop_reason = "pause_turn";
  const AnthropicAnswer paused = MakeAnthropicAnswer(scenario, Ask(kCalm));

  EXPECT_EQ(refused.text, "");
  EXPECT_EQ(refused.stop_reason, "refusal");
  EXPECT_TRUE(WholeMessage(refused).contains("stop_details"));
  EXPECT_EQ(paused.text, "Good morning");
  EXPECT_EQ(paused.stop_reason, "pause_turn");
}

TEST(AnthropicAnswerTest, ThinksAsOftenAsTheScenarioSays) {
  Scenario scenario = Polite();
  scenario.quirks.anthropic.thinking = AnthropicQuirks::Thinking::kAlways;
  EXPECT_THAT(MakeAnthropicAnswer(scenario, Ask(kCalm)).thinking, StartsWith("Who speaks"));

  scenario.quirks.anthropic.thinking = AnthropicQuirks::Thinking::kNever;
  EXPECT_EQ(MakeAnthropicAnswer(scenario, Ask("")).thinking, "");
}

}  // namespace
}  // namespace latchkey::sandbox
