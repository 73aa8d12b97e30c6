// The quirks of OpenAI, as a scenario's file writes them, and its keys in the demo's.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "lib/base/error.h"
#include "sandbox/scenario/stage.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {
namespace {

using ::testing::HasSubstr;

std::string File(const std::string& name) {
  std::ifstream file(SCENARIO_FOLDER "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Mistake(std::string_view quirks) {
  return Message(ParseScenario("{\"quirks\":{\"openai\":" + std::string(quirks) + "}}").status());
}

TEST(OpenaiQuirksTest, TheFileThatShowsThemIsRead) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(File("quirks.json"));

  ASSERT_THAT(scenario, IsOk());
  const OpenaiQuirks& quirks = scenario->quirks.openai;
  ASSERT_EQ(quirks.models.size(), 2u);
  EXPECT_EQ(quirks.FindModel("gpt-realtime")->shutdown_date, "2027-01-20");
  EXPECT_EQ(quirks.FindModel("gpt-realtime-2"), nullptr);
  EXPECT_EQ(quirks.transcription_late, absl::Seconds(2));
  EXPECT_TRUE(quirks.obfuscation);
}

TEST(OpenaiQuirksTest, WhatIsLeftOutIsItsOrdinaryWay) {
  const OpenaiQuirks quirks = ParseScenario("{}")->quirks.openai;

  EXPECT_NE(quirks.FindModel("gpt-realtime-2.1"), nullptr);
  EXPECT_EQ(quirks.session_limit, absl::Minutes(60));
  EXPECT_EQ(quirks.model_denied, OpenaiQuirks::Refusal::kClose);
  EXPECT_FALSE(quirks.enforce_limits);
}

TEST(OpenaiQuirksTest, AMistakeIsToldWithItsPlace) {
  EXPECT_THAT(Mistake(R"({"model_denied":"never"})"), HasSubstr("failed_response"));
  EXPECT_THAT(Mistake(R"({"speed":0})"), HasSubstr("quirks.openai.speed"));
  EXPECT_THAT(Mistake(R"({"models":[{"name":"x"}]})"), HasSubstr("quirks.openai.models[0].name"));
  EXPECT_THAT(Mistake(R"({"denied":1})"), HasSubstr("quirks.openai.denied"));
}

TEST(OpenaiQuirksTest, TheDemosKeysAreOpenaisShape) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(File("demo.json"));

  ASSERT_THAT(scenario, IsOk());
  const std::vector<KnownKey>& keys = scenario->keys.at(Provider::kOpenai);
  ASSERT_EQ(keys.size(), 3u);
  for (const KnownKey& key : keys) {
    EXPECT_TRUE(key.key.starts_with("sk-proj-")) << key.key;
    EXPECT_THAT(key.key, HasSubstr("T3BlbkFJ"));
  }
  EXPECT_EQ(keys[0].status, 200);
  EXPECT_EQ(keys[2].status, 401);
}

}  // namespace
}  // namespace latchkey::sandbox
