// How a conversation over a realtime model goes.
#include "services/media/domain/realtime_conversation.h"

#include "services/media/domain/reasons.h"
#include "tests/support/media/realtime_conversation_fixture.h"

namespace latchkey::media {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr int64_t kSamplesPerMs = 8;

TEST_F(RealtimeConversationTest, TheModelSaysTheFirstMessageWhenTheCalleeAnswers) {
  conversation_.Prepare();
  model_.BeReady();
  EXPECT_THAT(model_.asked, IsEmpty());

  conversation_.OnStreamStart();

  EXPECT_THAT(model_.asked, ElementsAre("Say exactly: \"Hello, this is Anna.\""));
}

TEST_F(RealtimeConversationTest, ASessionThatIsReadyAfterTheAnswerIsAskedThen) {
  conversation_.Prepare();
  conversation_.OnStreamStart();
  EXPECT_THAT(model_.asked, IsEmpty());

  model_.BeReady();

  EXPECT_THAT(model_.asked, SizeIs(1));
}

TEST_F(RealtimeConversationTest, BothSidesAreTranscribedInOrderWithTheirTimes) {
  Answer();
  Ask("When do you open?");
  model_.Say("At nine.", 300);
  Hear(Quiet(500));

  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna.", "callee: When do you open?",
                                   "agent: At nine."));
  const std::vector<UtteranceEvent> said = log_.All<UtteranceEvent>();
  EXPECT_EQ(said[0].end - said[0].start, absl::Milliseconds(400));
  EXPECT_EQ(said[1].end - said[1].start, absl::Milliseconds(200));
  EXPECT_EQ(said[2].start, absl::Milliseconds(800));
  EXPECT_EQ(said[2].end, absl::Milliseconds(1100));
}

TEST_F(RealtimeConversationTest, WordsThatComeAfterTheReplyKeepTheirPlace) {
  Answer();
  Ask("");
  model_.Say("At nine.", 300);
  Hear(Quiet(500));
  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna."));

  model_.listener->OnCalleeWords("c1", "When do you open?");

  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna.", "callee: When do you open?",
                                   "agent: At nine."));
}

TEST_F(RealtimeConversationTest, WordsThatNeverComeDoNotHoldUpTheRest) {
  Answer();
  Ask("");
  model_.Say("At nine.", 300);

  Hear(Quiet(9000));

  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna.", "agent: At nine."));
}

TEST_F(RealtimeConversationTest, ABargeInStopsThePlayoutAndTellsTheModelWhatWasHeard) {
  Answer();
  Ask("When do you open?");
  model_.Say("At nine, and we close at five.", 2000);
  Hear(Quiet(600));
  const int64_t before = leg_.end;

  model_.listener->OnCalleeStarted(position_);

  EXPECT_EQ(leg_.clears, 1);
  EXPECT_LT(leg_.end, before);
  EXPECT_THAT(model_.cuts, ElementsAre(Pair("i2", 600 * kSamplesPerMs)));
  EXPECT_TRUE(log_.All<UtteranceEvent>().back().interrupted);
  const UtteranceEvent broken = log_.All<UtteranceEvent>().back();
  EXPECT_EQ(broken.end - broken.start, absl::Milliseconds(600));
}

TEST_F(RealtimeConversationTest, LateSoundOfAResponseThatWasInterruptedIsDropped) {
  Answer();
  Ask("When do you open?");
  model_.Say("At nine.", 300, false);
  model_.listener->OnCalleeStarted(position_);
  const int64_t played = leg_.played;

  model_.Sound(500);
  model_.End(ResponseEnd::Kind::kCancelled);

  EXPECT_EQ(leg_.played, played);
}

TEST_F(RealtimeConversationTest, WhatWasNotHeardAtAllIsDeletedAndNotTranscribed) {
  Answer();
  Ask("When do you open?");
  model_.Say("At nine.", 300, false);

  model_.listener->OnCalleeStarted(position_);

  EXPECT_THAT(model_.cuts, ElementsAre(Pair("i2", 0)));
  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna.", "callee: When do you open?"));
}

TEST_F(RealtimeConversationTest, AnItemThatWasHeardToItsEndIsNotTruncated) {
  Answer();

  model_.listener->OnCalleeStarted(position_);

  EXPECT_THAT(model_.cuts, IsEmpty());
  EXPECT_EQ(leg_.clears, 0);
}

TEST_F(RealtimeConversationTest, EachTurnTellsItsLatencies) {
  Answer();
  Hear(Tone(200));
  Hear(Quiet(100));
  model_.Hear(position_ - 2400, position_ - 800, "Hello?");
  Hear(Quiet(200));
  model_.Say("Hi.", 100);

  ASSERT_THAT(log_.All<LatencyEvent>(), SizeIs(1));
  const LatencyEvent latency = log_.All<LatencyEvent>()[0];
  EXPECT_EQ(latency.stt_final, absl::Milliseconds(100));
  EXPECT_EQ(latency.first_frame, absl::Milliseconds(300));
}

TEST_F(RealtimeConversationTest, EveryResponseTellsItsTokens) {
  Answer();

  ASSERT_THAT(log_.All<UsageEvent>(), SizeIs(1));
  EXPECT_EQ(log_.All<UsageEvent>()[0].tokens.output_audio, 40);
  EXPECT_EQ(log_.All<UsageEvent>()[0].model, "gpt-realtime-2.1");
}

TEST_F(RealtimeConversationTest, TheEndCallToolHangsUpAfterTheGoodbye) {
  Answer();
  Ask("Goodbye!");
  model_.Say("Goodbye!", 400, false);
  model_.listener->OnToolUse("r2", {.id = "t1", .name = "end_call", .arguments = "{}"});
  model_.End(ResponseEnd::Kind::kCompleted);
  EXPECT_FALSE(conversation_.ending().has_value());

  Hear(Quiet(500));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kAgentHungUp);
  EXPECT_TRUE(conversation_.ending()->on_our_side);
  EXPECT_TRUE(model_.stopped);
}

TEST_F(RealtimeConversationTest, AToolOfACancelledResponseIsNotUsed) {
  Answer();
  Ask("Goodbye!");
  model_.Say("Goodbye!", 400, false);
  model_.listener->OnToolUse("r2", {.id = "t1", .name = "end_call", .arguments = "{}"});

  model_.End(ResponseEnd::Kind::kCancelled);
  Hear(Quiet(1000));

  EXPECT_FALSE(conversation_.ending().has_value());
}

TEST_F(RealtimeConversationTest, AToolThatIsUnknownIsAnsweredAndNeverForEver) {
  Answer();
  Ask("What time is it?");
  for (int i = 1; i <= 5; ++i) {
    model_.listener->OnResponse("x" + std::to_string(i));
    model_.listener->OnToolUse("x" + std::to_string(i),
                               {.id = "t", .name = "clock", .arguments = "{}"});
    model_.listener->OnResponseDone("x" + std::to_string(i), {});
    Hear(Quiet(20));
  }

  EXPECT_THAT(model_.answers, SizeIs(5));
  EXPECT_THAT(model_.asked, ElementsAre(lines::Dictate("Hello, this is Anna."), "", "", "", "",
                                        FakeRealtimeModel::kInWords));
}

TEST_F(RealtimeConversationTest, ASilentCalleeIsAskedTwiceAndThenLeft) {
  Answer();
  for (int i = 0; i < 2; ++i) {
    Hear(Quiet(10'500));
    EXPECT_EQ(model_.asked.back(), lines::Dictate(lines::kAreYouThere));
    model_.Say(lines::kAreYouThere, 500);
  }
  Hear(Quiet(11'000));
  EXPECT_EQ(model_.asked.back(), lines::Dictate(lines::kSilenceGoodbye));
  model_.Say(lines::kSilenceGoodbye, 500);
  Hear(Quiet(700));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kCalleeSilent);
}

TEST_F(RealtimeConversationTest, AFarewellWaitsForTheResponseUnderWayToBeCancelled) {
  Answer();
  Ask("When do you open?");
  model_.Say("At nine, and we close at five.", 2000, false);

  conversation_.Farewell(reasons::kDrained, lines::kGoodbye);
  EXPECT_EQ(model_.cancels, 1);
  EXPECT_THAT(model_.asked, SizeIs(1));
  model_.End(ResponseEnd::Kind::kCancelled);
  EXPECT_EQ(model_.asked.back(), lines::Dictate(lines::kGoodbye));
  model_.Say(lines::kGoodbye, 300);
  Hear(Quiet(500));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kDrained);
  EXPECT_EQ(Texts().back(), "agent: Goodbye.");
}

TEST_F(RealtimeConversationTest, TheLastWordsOfACalleeWhoHangsUpAreStillWrittenDown) {
  Answer();
  Ask("");
  conversation_.OnStreamEnd(true);
  EXPECT_FALSE(conversation_.ending().has_value());

  model_.listener->OnCalleeWords("c1", "No, thank you.");
  conversation_.Tick();

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kCalleeHungUp);
  EXPECT_EQ(Texts().back(), "callee: No, thank you.");
}

TEST_F(RealtimeConversationTest, TheModelHearsSilenceWhereTheCarrierLeavesItOut) {
  Answer();
  const size_t before = model_.heard.size();
  clock_.Advance(absl::Seconds(1));
  conversation_.Tick();

  EXPECT_EQ(model_.heard.size() - before, 8000U);
}

TEST_F(RealtimeConversationTest, TheRecordingHasBothSidesAsTheyWereHeard) {
  Answer();
  Ask("When do you open?");
  model_.Say("At nine, and we close at five.", 2000);
  Hear(Quiet(600));
  model_.listener->OnCalleeStarted(position_);
  Hear(Quiet(1000));

  size_t loud = 0;
  for (size_t i = 800 * kSamplesPerMs; i < recorder_.agent.size(); ++i) {
    if (recorder_.agent[i] != kSilence) ++loud;
  }
  EXPECT_EQ(loud, 600U * kSamplesPerMs);
}

}  // namespace
}  // namespace latchkey::media
