// Tools and keys in a conversation over a realtime model.
#include "lib/base/error.h"
#include "services/media/domain/reasons.h"
#include "tests/support/media/realtime_conversation_fixture.h"

namespace latchkey::media {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class RealtimeToolsTest : public RealtimeConversationTest {
 protected:
  static CallSpec SpecWithTools() {
    CallSpec spec = RealtimeSpec();
    spec.agent.tools = {{.name = "find_slot",
                         .description = "Finds a slot.",
                         .parameters = "{}",
                         .timeout = absl::Seconds(5),
                         .filler = "Let me look."},
                        {.name = "note",
                         .description = "Keeps a note.",
                         .parameters = "{}",
                         .timeout = absl::Seconds(5),
                         .filler = ""}};
    spec.agent.transfer_targets = {{.name = "desk", .e164 = "+14155550199"}};
    return spec;
  }
  RealtimeToolsTest() : RealtimeConversationTest(SpecWithTools()) {}

  static ToolUse Use(const std::string& name, const std::string& arguments = "{}") {
    return {.id = "call_" + name, .name = name, .arguments = arguments};
  }
};

TEST_F(RealtimeToolsTest, AFillerIsDictatedWhileTheToolRunsAndItsAnswerIsGivenBack) {
  Answer();
  Ask("Is there a slot?");
  model_.Use({Use("find_slot")});
  EXPECT_EQ(model_.asked.back(), lines::Dictate("Let me look."));
  model_.Say("Let me look.", 300);

  tools_.listener->OnToolAnswer(1, std::string("10:00"));
  Hear(Quiet(40));

  ASSERT_THAT(model_.answers, SizeIs(1));
  EXPECT_EQ(model_.answers[0].first, "call_find_slot");
  EXPECT_EQ(model_.answers[0].second, R"({"tool":"find_slot","answer":"10:00"})");
  EXPECT_EQ(model_.asked.back(), "");
  model_.Say("At ten.", 300);
  Hear(Quiet(800));
  EXPECT_EQ(Texts().back(), "agent: Let me look.At ten.");
}

TEST_F(RealtimeToolsTest, ASilentToolIsBridgedWhenItTakesLong) {
  Answer();
  Ask("Note that.");
  model_.Use({Use("note")});
  const size_t asked = model_.asked.size();

  Hear(Quiet(2'400));
  EXPECT_THAT(model_.asked, SizeIs(asked));
  Hear(Quiet(200));

  EXPECT_EQ(model_.asked.back(), lines::Dictate(lines::kOneMoment));
}

TEST_F(RealtimeToolsTest, AnAnswerWaitsWhileTheCalleeHasTheWord) {
  Answer();
  Ask("Note that.");
  model_.Use({Use("note")});
  model_.listener->OnCalleeStarted(position_);
  tools_.listener->OnToolAnswer(1, std::string("ok"));
  Hear(Tone(200));
  EXPECT_THAT(model_.answers, IsEmpty());

  model_.listener->OnCalleeStopped(position_);
  model_.Say("Just a second.", 200);
  Hear(Quiet(40));

  EXPECT_THAT(model_.answers, SizeIs(1));
}

TEST_F(RealtimeToolsTest, AnAnswerForASessionThatIsGoneIsNotGivenToTheNext) {
  Answer();
  Ask("Note that.");
  model_.Use({Use("note")});
  model_.listener->OnRealtimeDown(ClassifyFailure(Party::kRealtimeModel, 0, ""));
  tools_.listener->OnToolAnswer(1, std::string("ok"));
  Hear(Quiet(1'000));
  model_.BeReady();
  Hear(Quiet(40));

  EXPECT_THAT(model_.answers, IsEmpty());
  EXPECT_EQ(model_.asked.back(), "");
}

TEST_F(RealtimeToolsTest, AModelThatUsesToolsAgainAndAgainIsAskedForWordsAlone) {
  Answer();
  Ask("Note that.");
  int rounds = 0;
  while (model_.asked.back() != FakeRealtimeModel::kInWords && rounds < 100) {
    model_.Use({Use("note")});
    tools_.listener->OnToolAnswer(++rounds, std::string("ok"));
    Hear(Quiet(40));
  }
  EXPECT_EQ(rounds, 5);
  EXPECT_THAT(model_.answers, SizeIs(5));

  model_.Say("I have noted it.", 300);
  Hear(Quiet(800));

  EXPECT_EQ(Texts().back(), "agent: I have noted it.");
  Ask("And that.");
  model_.Use({Use("note")});
  tools_.listener->OnToolAnswer(++rounds, std::string("ok"));
  Hear(Quiet(40));
  EXPECT_EQ(model_.asked.back(), "");
}

TEST_F(RealtimeToolsTest, AModelThatHangsUpAgainAndAgainHangsUpOnce) {
  Answer();
  Ask("Bye.");
  model_.Use(std::vector<ToolUse>(300, Use("end_call")));
  EXPECT_EQ(model_.asked.back(), lines::Dictate(lines::kGoodbye));
  const size_t asked = model_.asked.size();
  model_.Say(lines::kGoodbye, 300);
  Hear(Quiet(500));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kAgentHungUp);
  EXPECT_THAT(model_.asked, SizeIs(asked));
}

TEST_F(RealtimeToolsTest, ATransferEndsTheConversationWhenItHasBeenSaid) {
  Answer();
  Ask("The desk, please.");
  model_.Use({Use("transfer_call", R"({"target":"desk"})")});
  model_.Say(lines::kConnecting, 300);
  Hear(Quiet(500));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kTransferred);
  EXPECT_EQ(conversation_.ending()->transfer->e164, "+14155550199");
}

TEST_F(RealtimeToolsTest, KeysAreSentAsTones) {
  Answer();
  Ask("Press one.");
  const int64_t played = leg_.played;
  model_.Use({Use("send_dtmf", R"({"digits":"1#"})")});
  Hear(Quiet(60));
  EXPECT_EQ(leg_.played - played, 2 * 1'440);
  EXPECT_THAT(model_.answers, IsEmpty());

  Hear(Quiet(600));

  ASSERT_THAT(model_.answers, SizeIs(1));
  EXPECT_EQ(model_.asked.back(), "");
}

TEST_F(RealtimeToolsTest, PressedKeysInterruptAndAreATurn) {
  Answer();
  Ask("Hello?");
  model_.Say("Please enter your number, and then hash.", 2'000, false);
  Hear(Quiet(60));

  conversation_.OnKey('4');
  EXPECT_EQ(model_.cancels, 1);
  model_.End(ResponseEnd::Kind::kCancelled);
  conversation_.OnKey('#');

  ASSERT_THAT(model_.recalled, SizeIs(1));
  EXPECT_EQ(model_.recalled[0].text, "[Pressed on the keypad: 4 #]");
  EXPECT_EQ(model_.asked.back(), "");
  EXPECT_EQ(Texts().back(), "callee: [Pressed on the keypad: 4 #]");
}

}  // namespace
}  // namespace latchkey::media
