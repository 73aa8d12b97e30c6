// What a conversation over a realtime model does when the model fails.
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/reasons.h"
#include "tests/support/media/realtime_conversation_fixture.h"

namespace latchkey::media {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

absl::Status Failure(int http_status) {
  return ClassifyFailure(Party::kRealtimeModel, http_status, "");
}

TEST_F(RealtimeConversationTest, ABrokenSessionIsMadeAgainWithTheConversationSoFar) {
  Answer();
  Ask("When do you open?");
  model_.Say("At nine.", 300);
  Hear(Quiet(500));

  model_.listener->OnRealtimeDown(Failure(0));
  Hear(Quiet(300));
  EXPECT_EQ(model_.starts, 2);
  model_.BeReady();

  ASSERT_THAT(model_.recalled, SizeIs(4));
  EXPECT_EQ(model_.recalled[1].text, "Hello, this is Anna.");
  EXPECT_EQ(model_.recalled[2].text, "When do you open?");
  EXPECT_EQ(model_.recalled[3].text, "At nine.");
  EXPECT_THAT(model_.asked, SizeIs(1));  // Nobody waits for an answer.
}

TEST_F(RealtimeConversationTest, ATurnThatIsNotWrittenDownYetIsHeardAgain) {
  Answer();
  Hear(Tone(200));
  model_.listener->OnCalleeStarted(position_ - 1600);
  model_.listener->OnRealtimeDown(Failure(0));
  Hear(Quiet(300));

  EXPECT_EQ(model_.starts, 2);
  EXPECT_GE(model_.heard.size(), 1600U + 2400U);
  model_.BeReady();
  EXPECT_THAT(model_.asked, SizeIs(1));  // It will answer by itself.
}

TEST_F(RealtimeConversationTest, ATurnThatIsWrittenDownIsAnsweredByTheNewSession) {
  Answer();
  Ask("When do you open?");
  model_.listener->OnRealtimeDown(Failure(0));
  Hear(Quiet(300));
  model_.BeReady();

  EXPECT_EQ(model_.asked.back(), "");
  model_.Say("At nine.", 300);
  ASSERT_THAT(log_.All<TroubleEvent>(), SizeIs(1));
  EXPECT_TRUE(log_.All<TroubleEvent>()[0].recovered);
  EXPECT_EQ(log_.All<TroubleEvent>()[0].reason, "openai_dropped");
  EXPECT_THAT(log_.All<TroubleEvent>()[0].message, HasSubstr("new session"));
}

TEST_F(RealtimeConversationTest, AReplyThatBreaksOffIsFollowedByAPlea) {
  Answer();
  Ask("When do you open?");
  model_.Say("At nine, and", 300, false);
  model_.listener->OnRealtimeDown(Failure(0));
  Hear(Quiet(500));
  model_.BeReady();

  EXPECT_EQ(model_.asked.back(), lines::Dictate(lines::kSayAgain));
}

TEST_F(RealtimeConversationTest, ARejectedKeyEndsTheCallWithTheCarriersApology) {
  conversation_.Prepare();
  model_.listener->OnRealtimeDown(Failure(401));
  EXPECT_FALSE(conversation_.ending().has_value());  // They are told when they answer.

  conversation_.OnStreamStart();

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, "openai_rejected_key");
  EXPECT_EQ(conversation_.ending()->say, lines::kApology);
}

TEST_F(RealtimeConversationTest, ASwitchedKeyIsTriedWhateverWasTriedBefore) {
  Answer();
  model_.listener->OnRealtimeDown(Failure(0));
  Hear(Quiet(300));

  model_.listener->OnRealtimeDown(KeyReplaced(Failure(401)));
  Hear(Quiet(300));

  EXPECT_EQ(model_.starts, 3);
  EXPECT_FALSE(conversation_.ending().has_value());
}

TEST_F(RealtimeConversationTest, AnAccountWithoutCreditEndsTheCallAndTheRecordSaysSo) {
  Answer();
  Ask("When do you open?");
  model_.listener->OnResponse("r9");
  model_.listener->OnResponseDone("r9",
                                  {.kind = ResponseEnd::Kind::kFailed, .failure = Failure(402)});

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, "openai_no_credit");
  EXPECT_EQ(conversation_.ending()->say, lines::kApology);
  EXPECT_FALSE(log_.All<TroubleEvent>().back().recovered);
}

TEST_F(RealtimeConversationTest, AResponseAtALimitIsAskedForAgainWhenTheProviderSays) {
  Answer();
  Ask("When do you open?");
  model_.listener->OnResponse("r9");
  model_.listener->OnResponseDone("r9",
                                  {.kind = ResponseEnd::Kind::kFailed,
                                   .failure = WithMetadata(Failure(429), kRetryAfterMs, "1200")});
  Hear(Quiet(1000));
  EXPECT_THAT(model_.asked, SizeIs(1));

  Hear(Quiet(400));

  EXPECT_EQ(model_.asked.back(), "");
}

TEST_F(RealtimeConversationTest, AModelThatGivesNoSoundIsLeftForANewSession) {
  Answer();
  Ask("When do you open?");
  model_.listener->OnResponse("r9");

  Hear(Quiet(5500));
  EXPECT_EQ(model_.breaks, 1);
  model_.listener->OnRealtimeDown(Failure(0));
  Hear(Quiet(300));
  model_.BeReady();

  EXPECT_EQ(model_.asked.back(), "");
  model_.Say("At nine.", 300);
  EXPECT_EQ(log_.All<TroubleEvent>().back().reason, "openai_too_slow");
}

TEST_F(RealtimeConversationTest, AGreetingThatFailsBeforeItSoundsIsAskedForAgain) {
  conversation_.Prepare();
  model_.BeReady();
  conversation_.OnStreamStart();
  model_.listener->OnResponse("r9");
  model_.listener->OnRealtimeDown(Failure(0));
  Hear(Quiet(300));
  model_.BeReady();

  EXPECT_THAT(model_.asked, ElementsAre(lines::Dictate("Hello, this is Anna."),
                                        lines::Dictate("Hello, this is Anna.")));
}

TEST_F(RealtimeConversationTest, AnOldSessionIsLeftInAPauseBeforeItExpires) {
  conversation_.Prepare();
  model_.BeReady(clock_.Now() + absl::Minutes(12));
  conversation_.OnStreamStart();
  model_.Say("Hello, this is Anna.", 400);
  Hear(Quiet(600));
  model_.listener->OnCalleeStarted(position_);
  Hear(Tone(11 * 60 * 1000));
  EXPECT_EQ(model_.breaks, 0);  // Not while somebody speaks.
  model_.listener->OnCalleeStopped(position_);
  model_.listener->OnCalleeItem("c1");
  model_.listener->OnCalleeWords("c1", "That was long.");
  model_.Say("Indeed.", 200);

  Hear(Quiet(500));
  EXPECT_EQ(model_.breaks, 1);
  model_.listener->OnRealtimeDown(Failure(0));
  Hear(Quiet(40));
  model_.BeReady(clock_.Now() + absl::Minutes(12));

  EXPECT_EQ(model_.starts, 2);
  EXPECT_THAT(model_.recalled, SizeIs(4));
  EXPECT_THAT(log_.All<TroubleEvent>(), IsEmpty());
}

TEST_F(RealtimeConversationTest, AFarewellWithoutASessionIsTheCarriers) {
  Answer();
  model_.listener->OnRealtimeDown(Failure(0));

  conversation_.Farewell(reasons::kDrained, lines::kGoodbye);

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->say, lines::kGoodbye);
}

TEST_F(RealtimeConversationTest, AnEmptyReplyIsNoSilence) {
  Answer();
  Ask("Hm?");
  model_.listener->OnResponse("r9");
  model_.listener->OnResponseDone("r9", {.kind = ResponseEnd::Kind::kIncomplete});

  EXPECT_EQ(model_.asked.back(), lines::Dictate(lines::kSayAgain));
}

TEST_F(RealtimeConversationTest, ATurnWhoseEndIsNeverNoticedDoesNotLastForEver) {
  Answer();
  Hear(Tone(200));
  model_.listener->OnCalleeStarted(position_ - 1600);

  Hear(Quiet(10'500));

  EXPECT_EQ(model_.breaks, 1);
}

}  // namespace
}  // namespace latchkey::media
