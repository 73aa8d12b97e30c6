// The quirks of Anthropic, Cartesia and Deepgram, as a scenario's file writes them.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "lib/base/error.h"
#include "sandbox/scenario/scenario.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string QuirksFile() {
  std::ifstream file(SCENARIO_FOLDER "/quirks.json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Mistake(std::string_view quirks) {
  return Message(ParseScenario("{\"quirks\":" + std::string(quirks) + "}").status());
}

TEST(AiQuirksTest, TheFileThatShowsThemIsRead) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(QuirksFile());

  ASSERT_THAT(scenario, IsOk());
  const Quirks& quirks = scenario->quirks;
  EXPECT_EQ(quirks.anthropic.thinking, AnthropicQuirks::Thinking::kAlways);
  EXPECT_EQ(quirks.anthropic.chunk_bytes, 7);
  EXPECT_EQ(quirks.anthropic.requests_per_minute, 50);
  EXPECT_THAT(quirks.cartesia.chunk_bytes, ElementsAre(1, 333, 4096));
  EXPECT_TRUE(quirks.cartesia.cancel_is_late);
  EXPECT_EQ(quirks.cartesia.session_max, absl::Minutes(10));
  EXPECT_EQ(quirks.deepgram.final_words, 3);
  EXPECT_EQ(quirks.deepgram.speech_started, DeepgramQuirks::SpeechStarted::kTwice);
  EXPECT_EQ(quirks.deepgram.no_audio_max, absl::Minutes(1));
}

TEST(AiQuirksTest, WhatIsLeftOutIsTheProvidersOrdinaryWay) {
  const absl::StatusOr<Scenario> scenario = ParseScenario("{}");

  ASSERT_THAT(scenario, IsOk());
  EXPECT_EQ(scenario->quirks.anthropic.stop_reason, "");
  EXPECT_FALSE(scenario->quirks.anthropic.enforce_limits);
  EXPECT_EQ(scenario->quirks.cartesia.idle_max, absl::Minutes(5));
  EXPECT_EQ(scenario->quirks.deepgram.silence_max, absl::Seconds(10));
}

TEST(AiQuirksTest, AMistakeIsToldWithItsPlace) {
  EXPECT_THAT(Mistake(R"({"anthropic":{"pings":1000}})"), HasSubstr("quirks.anthropic.pings"));
  EXPECT_THAT(Mistake(R"({"anthropic":{"thinking":"a lot"}})"), HasSubstr("as_asked"));
  EXPECT_THAT(Mistake(R"({"cartesia":{"chunk_bytes":[0]}})"), HasSubstr("from 1 to 65536"));
  EXPECT_THAT(Mistake(R"({"deepgram":{"final_word":1}})"), HasSubstr("final_word"));
}

}  // namespace
}  // namespace latchkey::sandbox
