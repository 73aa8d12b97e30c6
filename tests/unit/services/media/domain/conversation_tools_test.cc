// Tools and keys in a composed conversation.
#include "lib/base/error.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"
#include "tests/support/media/composed_conversation_fixture.h"

namespace latchkey::media {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ConversationToolsTest : public ComposedConversationTest {
 protected:
  static CallSpec SpecWithTools() {
    CallSpec spec = TestSpec();
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
  ConversationToolsTest() : ComposedConversationTest(SpecWithTools()) {}

  static ToolUse Use(const std::string& name, const std::string& arguments = "{}") {
    return {.id = "toolu_1", .name = name, .arguments = arguments};
  }
  void Speak(int ms = 2'000) {
    tts_.Synthesize(tts_.last_context());
    Hear(Quiet(ms));
  }
  void AskForSlot() {
    Answer();
    Ask("Is there a slot?");
    llm_.Use({}, {Use("find_slot")});
  }
};

TEST_F(ConversationToolsTest, AFillerIsSaidWhileTheToolRunsAndItsAnswerIsSpokenAbout) {
  AskForSlot();
  Speak();
  EXPECT_EQ(llm_.asked, 1);

  tools_.listener->OnToolAnswer(1, std::string("10:00"));
  Hear(Quiet(100));
  ASSERT_EQ(llm_.asked, 2);
  llm_.Reply({"At ten."});
  Speak();

  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna.", "callee: Is there a slot?",
                                   "agent: Let me look.", "agent: At ten."));
  ASSERT_GE(llm_.messages.size(), 2u);
  const Said& results = llm_.messages.back();
  const Said& uses = llm_.messages[llm_.messages.size() - 2];
  EXPECT_EQ(uses.text, "Let me look.");
  ASSERT_THAT(uses.uses, SizeIs(1));
  ASSERT_THAT(results.results, SizeIs(1));
  EXPECT_EQ(results.results[0].content, R"({"tool":"find_slot","answer":"10:00"})");
}

TEST_F(ConversationToolsTest, WhatTheModelSaysItselfTakesTheFillersPlace) {
  Answer();
  Ask("Is there a slot?");
  llm_.Use({"I will check."}, {Use("find_slot")});
  tools_.listener->OnToolAnswer(1, std::string("10:00"));
  EXPECT_EQ(llm_.asked, 1);  // It has not been heard yet.
  Speak();

  EXPECT_EQ(llm_.asked, 2);
  EXPECT_EQ(Texts().back(), "agent: I will check.");
}

TEST_F(ConversationToolsTest, ASilentToolIsBridgedWhenItTakesLong) {
  Answer();
  Ask("Note that.");
  llm_.Use({}, {Use("note")});

  Hear(Quiet(2'000));
  EXPECT_THAT(Texts(), SizeIs(2));
  Hear(Quiet(700));
  Speak();

  EXPECT_EQ(Texts().back(), "agent: " + std::string(lines::kOneMoment));
  tools_.listener->OnToolAnswer(1, std::string("ok"));
  Hear(Quiet(100));
  EXPECT_EQ(llm_.asked, 2);
}

TEST_F(ConversationToolsTest, WhoSpeaksWhileAToolRunsIsAnsweredTogetherWithIt) {
  AskForSlot();
  Speak();
  Ask("On Monday, I mean.");
  EXPECT_EQ(llm_.asked, 1);

  tools_.listener->OnToolAnswer(1, std::string("10:00"));
  Hear(Quiet(100));

  ASSERT_EQ(llm_.asked, 2);
  EXPECT_THAT(llm_.messages.back().results, SizeIs(1));
  EXPECT_EQ(llm_.messages.back().text, "On Monday, I mean.");
}

TEST_F(ConversationToolsTest, WhoInterruptsTheFillerStillGetsTheAnswer) {
  AskForSlot();
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(60));
  Ask("Are you there?");

  tools_.listener->OnToolAnswer(1, std::string("10:00"));
  Hear(Quiet(100));

  ASSERT_EQ(llm_.asked, 2);
  EXPECT_EQ(llm_.messages.back().text, "Are you there?");
}

TEST_F(ConversationToolsTest, ANoiseInTheFillerDoesNotLoseTheAnswer) {
  AskForSlot();
  tts_.Synthesize(tts_.last_context());
  Hear(Tone(200));
  tools_.listener->OnToolAnswer(1, std::string("10:00"));
  Hear(Quiet(2'500));
  Speak();

  EXPECT_EQ(llm_.asked, 2);
}

TEST_F(ConversationToolsTest, AToolThatFailsIsToldToTheModelAndToTheRecord) {
  AskForSlot();
  Speak();

  tools_.listener->OnToolAnswer(1, Error(absl::StatusCode::kUnavailable, "tool_failed", "Down."));
  Hear(Quiet(100));

  EXPECT_TRUE(llm_.messages.back().results[0].failed);
  ASSERT_THAT(log_.All<TroubleEvent>(), SizeIs(1));
  EXPECT_EQ(log_.All<TroubleEvent>()[0].reason, "tool_failed");
}

TEST_F(ConversationToolsTest, ALoopOfToolsEndsWithAnAnswer) {
  Answer();
  Ask("Is there a slot?");
  int rounds = 0;
  while (llm_.may_use_tools && rounds < 50) {
    llm_.Use({}, {Use("note")});
    tools_.listener->OnToolAnswer(++rounds, std::string("ask again"));
    Hear(Quiet(100));
  }

  EXPECT_EQ(rounds, 5);
  llm_.Use({}, {Use("note")});  // It does not listen.
  Hear(Quiet(100));
  EXPECT_EQ(llm_.asked, 6);
  EXPECT_EQ(tts_.pieces.back().second, lines::kSayAgain);
}

TEST_F(ConversationToolsTest, AModelThatHangsUpThreeHundredTimesHangsUpOnce) {
  Answer();
  Ask("Bye.");

  llm_.Use({"Goodbye."}, std::vector<ToolUse>(300, Use("end_call")));
  Speak();

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kAgentHungUp);
  EXPECT_EQ(llm_.asked, 1);
  EXPECT_THAT(Texts(), Contains("agent: Goodbye.").Times(1));
  llm_.Use({}, {Use("end_call")});
  EXPECT_EQ(conversation_.ending()->reason, reasons::kAgentHungUp);
}

TEST_F(ConversationToolsTest, AWordlessHangUpSaysGoodbye) {
  Answer();
  Ask("Bye.");

  llm_.Use({}, {Use("end_call")});
  Speak();

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(Texts().back(), "agent: " + std::string(lines::kGoodbye));
}

TEST_F(ConversationToolsTest, ATransferEndsTheConversationWhenItHasBeenSaid) {
  Answer();
  Ask("The desk, please.");

  llm_.Use({}, {Use("transfer_call", R"({"target":"desk"})")});
  EXPECT_FALSE(conversation_.ending().has_value());
  Speak();

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kTransferred);
  ASSERT_TRUE(conversation_.ending()->transfer.has_value());
  EXPECT_EQ(conversation_.ending()->transfer->e164, "+14155550199");
  EXPECT_EQ(Texts().back(), "agent: " + std::string(lines::kConnecting));
}

TEST_F(ConversationToolsTest, KeysAreSentAsTonesWhenTheAgentHasSpoken) {
  Answer();
  Ask("Press one for sales.");
  llm_.Use({"Sales."}, {Use("send_dtmf", R"({"digits":"1#"})")});
  tts_.Synthesize(tts_.last_context());
  const int64_t spoken = leg_.played;
  Hear(Quiet(200));

  EXPECT_EQ(leg_.played - spoken, 2 * 1'440);
  EXPECT_EQ(llm_.asked, 1);
  Hear(Quiet(500));
  ASSERT_EQ(llm_.asked, 2);
  EXPECT_THAT(llm_.messages.back().results[0].content, HasSubstr("pressed"));
}

TEST_F(ConversationToolsTest, PressedKeysAreATurnAndInterrupt) {
  Answer();
  Ask("Hello?");
  llm_.Reply({"Please enter your number, and then hash."});
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(60));

  conversation_.OnKey('4');
  EXPECT_EQ(leg_.clears, 1);
  Hear(Quiet(300));
  conversation_.OnKey('2');
  EXPECT_EQ(llm_.asked, 1);
  conversation_.OnKey('#');

  ASSERT_EQ(llm_.asked, 2);
  EXPECT_THAT(llm_.messages.back().text, HasSubstr("[Pressed on the keypad: 4 2 #]"));
  EXPECT_EQ(Texts().back(), "callee: [Pressed on the keypad: 4 2 #]");
}

TEST_F(ConversationToolsTest, KeysWithoutAHashAreATurnAfterAPause) {
  Answer();
  conversation_.OnKey('7');
  Hear(Quiet(1'900));
  EXPECT_EQ(llm_.asked, 0);
  Hear(Quiet(200));

  EXPECT_EQ(llm_.asked, 1);
}

TEST_F(ConversationToolsTest, NothingIsRunAfterTheEnd) {
  AskForSlot();
  conversation_.OnStreamEnd(true);

  EXPECT_TRUE(tools_.stopped);
  EXPECT_EQ(conversation_.ending()->reason, reasons::kCalleeHungUp);
}

}  // namespace
}  // namespace latchkey::media
