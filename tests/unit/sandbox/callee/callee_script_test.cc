#include "sandbox/callee/callee_script.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

using When = CalleeLine::When;

// Feeds the script frames for `duration` and returns when, after their start, its line came; an
// infinite duration if it did not.
absl::Duration WhenDue(CalleeScript& script, absl::Duration duration, bool agent_loud,
                       bool speaking = false) {
  const absl::Duration frame = absl::Milliseconds(20);
  for (absl::Duration at = frame; at <= duration; at += frame) {
    if (script.OnFrame(agent_loud, speaking) != nullptr) return at;
  }
  return absl::InfiniteDuration();
}

TEST(CalleeScriptTest, APoliteLineWaitsUntilTheAgentHasSpokenAndStopped) {
  CalleeScript script({{.say = "Hi", .when = When::kAgentStops, .after = absl::Milliseconds(400)}});

  EXPECT_EQ(WhenDue(script, absl::Seconds(5), false), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(2), true), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(2), false), absl::Milliseconds(400));
}

TEST(CalleeScriptTest, APauseForBreathDoesNotCount) {
  CalleeScript script({{.say = "Hi", .when = When::kAgentStops, .after = absl::Milliseconds(400)}});

  WhenDue(script, absl::Seconds(1), true);
  EXPECT_EQ(WhenDue(script, absl::Milliseconds(300), false), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(1), true), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(1), false), absl::Milliseconds(400));
}

TEST(CalleeScriptTest, AnInterruptionComesSoLongAfterTheAgentBegan) {
  CalleeScript script({{.say = "Stop", .when = When::kAgentSpeaks, .after = absl::Seconds(1)}});

  EXPECT_EQ(WhenDue(script, absl::Seconds(3), false), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(3), true), absl::Seconds(1));
}

TEST(CalleeScriptTest, AShortSpeechIsNotInterruptedAfterItsEnd) {
  CalleeScript script({{.say = "Stop", .when = When::kAgentSpeaks, .after = absl::Seconds(1)}});

  WhenDue(script, absl::Milliseconds(500), true);

  EXPECT_EQ(WhenDue(script, absl::Seconds(3), false), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(3), true), absl::Seconds(1));
}

TEST(CalleeScriptTest, TheNextLineWaitsForTheAgentToSpeakAgain) {
  CalleeScript script({{.say = "One", .when = When::kAnyTime, .after = absl::Milliseconds(20)},
                       {.say = "Two", .when = When::kAgentStops, .after = absl::Milliseconds(20)}});
  ASSERT_EQ(WhenDue(script, absl::Seconds(1), false), absl::Milliseconds(20));

  // What the agent still says under the first line is not its answer.
  EXPECT_EQ(WhenDue(script, absl::Seconds(1), true, true), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(1), false), absl::InfiniteDuration());
  WhenDue(script, absl::Seconds(1), true);
  EXPECT_EQ(WhenDue(script, absl::Seconds(1), false), absl::Milliseconds(20));
}

TEST(CalleeScriptTest, AnyTimeCountsFromTheEndOfTheLineBefore) {
  CalleeScript script(
      {{.say = "One", .when = When::kAnyTime, .after = absl::Milliseconds(100)},
       {.hang_up = true, .when = When::kAnyTime, .after = absl::Milliseconds(300)}});

  EXPECT_EQ(WhenDue(script, absl::Seconds(1), true), absl::Milliseconds(100));
  EXPECT_EQ(WhenDue(script, absl::Seconds(1), true, true), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(1), true), absl::Milliseconds(300));
}

TEST(CalleeScriptTest, AfterTheLastLineNothingComes) {
  CalleeScript script({});

  EXPECT_EQ(WhenDue(script, absl::Seconds(3), true), absl::InfiniteDuration());
  EXPECT_EQ(WhenDue(script, absl::Seconds(3), false), absl::InfiniteDuration());
}

}  // namespace
}  // namespace latchkey::sandbox
