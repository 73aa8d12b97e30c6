#include "sandbox/scenario/scenario.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

TEST(ScenarioTest, AReplyFitsWholeWordsWhateverTheirCase) {
  const AgentReply reply = {.when = {"No", "thursday afternoon"}, .say = "Fine."};

  EXPECT_TRUE(reply.Fits("no, thank you"));
  EXPECT_TRUE(reply.Fits("Yes: Thursday, afternoon!"));
  EXPECT_FALSE(reply.Fits("I know"));
  EXPECT_FALSE(reply.Fits(""));
}

TEST(ScenarioTest, AReplyWithoutPhrasesFitsEverything) {
  EXPECT_TRUE(AgentReply{}.Fits("anything"));
}

TEST(ScenarioTest, TheFirstReplyThatFitsIsTaken) {
  Scenario scenario;
  scenario.agent = {{.when = {"yes"}, .say = "one"}, {.say = "two"}, {.when = {"no"}, .say = "3"}};

  EXPECT_EQ(scenario.ReplyTo("Yes.")->say, "one");
  EXPECT_EQ(scenario.ReplyTo("No.")->say, "two");
}

TEST(ScenarioTest, ANumberHasItsOwnCalleeOrEverybodys) {
  Scenario scenario;
  scenario.callees["*"].ring = absl::Seconds(1);
  scenario.callees["+14155550101"].ring = absl::Seconds(2);

  EXPECT_EQ(scenario.CalleeAt("+14155550101").ring, absl::Seconds(2));
  EXPECT_EQ(scenario.CalleeAt("+14155550102").ring, absl::Seconds(1));
}

TEST(ScenarioTest, WordsAreComparedWithoutPunctuation) {
  EXPECT_EQ(NormalizeWords("  Don't -- stop,NOW! "), "don't stop now");
  EXPECT_EQ(NormalizeWords("?!"), "");
}

}  // namespace
}  // namespace latchkey::sandbox
