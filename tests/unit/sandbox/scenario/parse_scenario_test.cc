#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "sandbox/scenario/scenario.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {
namespace {

using ::testing::HasSubstr;

std::string ReadDemo() {
  std::ifstream file(std::string(SCENARIO_FOLDER) + "/demo.json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(ParseScenarioTest, TheDemoIsAScenarioInWhichTheAgentEndsTheCall) {
  const absl::StatusOr<Scenario> demo = ParseScenario(ReadDemo());

  ASSERT_THAT(demo, IsOk());
  const Callee callee = demo->CalleeAt("+14155550142");
  ASSERT_EQ(callee.lines.size(), 3u);
  const AgentReply* last = demo->ReplyTo(callee.lines.back().say);
  ASSERT_NE(last, nullptr);
  EXPECT_TRUE(last->end_call);
  EXPECT_FALSE(demo->ReplyTo(callee.lines.front().say)->end_call);
}

TEST(ParseScenarioTest, EveryPartThatIsNamedIsRead) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(R"({
    // A comment.
    "seed": 9,
    "speech": {"stt_engine": "fingerprint", "callee_voice": "kal16"},
    "latencies": {"stt_final": {"mean_ms": 50}},
    "agent": [{"when": ["yes"], "say": "Fine.", "end_call": true}],
    "callees": {"*": {"answer": "busy", "ring_ms": 40, "lines": [
        {"say": "Stop", "when": "agent_speaks", "after_ms": 300}, {"hang_up": true}]}},
    "keys": {"deepgram": ["one", {"key": "two", "status": 403, "code": "no"}]},
    "twilio": {"type": "Trial", "allowed_codes": ["+1"]},
    "faults": [{"provider": "cartesia", "moment": "mid_stream", "kind": "drop", "after": 2}],
  })");

  ASSERT_THAT(scenario, IsOk());
  EXPECT_EQ(scenario->seed, 9u);
  EXPECT_EQ(scenario->stt_engine, Scenario::SttEngine::kFingerprint);
  EXPECT_EQ(scenario->callee_voice, "kal16");
  EXPECT_EQ(scenario->latencies.stt_final.mean, absl::Milliseconds(50));
  EXPECT_EQ(scenario->latencies.stt_final.jitter, absl::ZeroDuration());
  EXPECT_TRUE(scenario->agent.at(0).end_call);
  const Callee& callee = scenario->callees.at("*");
  EXPECT_EQ(callee.answer, Callee::Answer::kBusy);
  EXPECT_EQ(callee.lines.at(0).when, CalleeLine::When::kAgentSpeaks);
  EXPECT_TRUE(callee.lines.at(1).hang_up);
  EXPECT_EQ(scenario->keys.at(Provider::kDeepgram).at(1).status, 403);
  EXPECT_EQ(scenario->twilio.type, "Trial");
  EXPECT_EQ(scenario->faults.at(0).kind, Fault::Kind::kDrop);
  EXPECT_EQ(scenario->faults.at(0).after, 2);
}

struct Mistake {
  const char* text;
  const char* told;
};

class ParseScenarioMistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(ParseScenarioMistakeTest, IsToldWithItsPlace) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(GetParam().text);

  ASSERT_THAT(scenario, StatusIs(absl::StatusCode::kInvalidArgument, "bad_scenario"));
  EXPECT_THAT(Message(scenario.status()), HasSubstr(GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    All, ParseScenarioMistakeTest,
    ::testing::Values(
        Mistake{"{", "not JSON"}, Mistake{R"({"sed": 1})", "sed is not a field"},
        Mistake{R"({"seed": -1})", "seed should be a whole number"},
        Mistake{R"({"callees": {"*": {"lines": [{"say": "at 5"}]}}})",
                "callees.*.lines[0].say should spell"},
        Mistake{R"({"faults": [{"provider": "acme"}]})", "faults[0].provider should be one of"},
        Mistake{R"({"agent": [{"when": "yes"}]})", "agent[0].when should be a list"}));

TEST(ParseScenarioTest, AReplyMayUseTools) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(R"({"agent": [
    {"say": "Hm.", "tools": [{"name": "find_slot", "arguments": {"day": "monday"}, "times": 3}]},
    {"after_tool": "find_slot", "say": "At {answer}."}]})");

  ASSERT_THAT(scenario, IsOk());
  EXPECT_EQ(scenario->agent.at(0).tools.at(0).arguments, R"({"day":"monday"})");
  EXPECT_EQ(scenario->agent.at(0).tools.at(0).times, 3);
  EXPECT_EQ(scenario->ReplyTo("anything")->say, "Hm.");
  EXPECT_EQ(scenario->ReplyToTool("find_slot")->say, "At {answer}.");
  EXPECT_EQ(scenario->ReplyToTool("other"), nullptr);
}

}  // namespace
}  // namespace latchkey::sandbox
