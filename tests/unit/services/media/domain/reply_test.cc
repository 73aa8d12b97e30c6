// What the callee hears when the LLM is late, slow or breaks off.
#include "services/media/domain/reply.h"

#include "services/media/domain/lines.h"
#include "tests/support/media/composed_conversation_fixture.h"

namespace latchkey::media {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Its conversation's replies, with the filler prepared too.
class ReplyTest : public ComposedConversationTest {
 protected:
  void AnswerAndAsk() {
    Prepare();
    tts_.Synthesize(3);
    conversation_.OnStreamStart();
    Hear(Quiet(600));
    Ask("Hello?");
  }
  void Fail(int http_status) {
    llm_.listener->OnReplyFailed(llm_.current,
                                 ClassifyFailure(Party::kLanguageModel, http_status, ""));
  }
  void HearTheRest() {
    tts_.Synthesize(tts_.last_context());
    Hear(Quiet(3'000));
  }
};

TEST_F(ReplyTest, AFillerBridgesASlowAnswerOnce) {
  AnswerAndAsk();

  Hear(Quiet(3'500));
  llm_.Reply({"Hi there."});
  HearTheRest();

  EXPECT_EQ(Texts().back(), "agent: One moment, please. Hi there.");
  EXPECT_THAT(log_.All<TroubleEvent>(), IsEmpty());
}

TEST_F(ReplyTest, AnAnswerInTimeHasNoFiller) {
  AnswerAndAsk();

  Hear(Quiet(2'000));
  llm_.Reply({"Hi there."});
  HearTheRest();

  EXPECT_EQ(Texts().back(), "agent: Hi there.");
}

TEST_F(ReplyTest, AReplyThatBreaksBeforeItsFirstSentenceIsAskedForAgain) {
  AnswerAndAsk();
  llm_.listener->OnReplyText(llm_.current, "Of cou");

  Fail(0);
  Hear(Quiet(300));
  EXPECT_EQ(llm_.asked, 2);
  llm_.Reply({"Of course."});
  HearTheRest();

  EXPECT_EQ(Texts().back(), "agent: Of course.");
  ASSERT_THAT(log_.All<TroubleEvent>(), SizeIs(1));
  EXPECT_TRUE(log_.All<TroubleEvent>()[0].recovered);
}

TEST_F(ReplyTest, AReplyThatAlwaysBreaksBeforeItsFirstSentenceIsLost) {
  AnswerAndAsk();
  llm_.listener->OnReplyText(llm_.current, "Of cou");
  Fail(0);
  Hear(Quiet(300));
  llm_.listener->OnReplyText(llm_.current, "Of cou");

  Fail(0);
  Hear(Quiet(3'000));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, "anthropic_dropped");
}

TEST_F(ReplyTest, HalfASentenceIsNotSaidAndTheCalleeIsAskedToSayItAgain) {
  AnswerAndAsk();
  llm_.listener->OnReplyText(llm_.current, "Of course. I can off");

  Fail(0);
  HearTheRest();

  EXPECT_EQ(Texts().back(), "agent: Of course. " + std::string(lines::kSayAgain));
  EXPECT_EQ(llm_.asked, 1);
  ASSERT_THAT(log_.All<TroubleEvent>(), SizeIs(1));
  EXPECT_EQ(log_.All<TroubleEvent>()[0].reason, "anthropic_dropped");
}

TEST_F(ReplyTest, ALastSentenceThatIsWholeIsSaidThoughTheEndIsMissing) {
  AnswerAndAsk();
  llm_.listener->OnReplyText(llm_.current, "Of course. Does Thursday suit you?");

  Fail(0);
  HearTheRest();

  EXPECT_EQ(Texts().back(), "agent: Of course. Does Thursday suit you?");
}

TEST_F(ReplyTest, WhatComesAfterAReplyWasGivenUpIsNotSaid) {
  AnswerAndAsk();
  const int request = llm_.current;
  llm_.listener->OnReplyText(request, "Of course. Does Thursday suit you?");
  const int cancels = llm_.cancels;

  Hear(Quiet(3'100));
  EXPECT_GT(llm_.cancels, cancels);
  llm_.listener->OnReplyText(request, " Or Friday? Or");
  HearTheRest();

  EXPECT_EQ(Texts().back(), "agent: Of course. Does Thursday suit you?");
}

TEST_F(ReplyTest, ALastSentenceIsNotKeptBackWhileTheLlmStalls) {
  AnswerAndAsk();

  llm_.listener->OnReplyText(llm_.current, "Of course.");
  Hear(Quiet(700));

  EXPECT_EQ(tts_.texts[tts_.last_context()], "Of course.");
}

TEST_F(ReplyTest, AWordNowAndThenIsNoAnswer) {
  AnswerAndAsk();
  for (int i = 0; i < 4; ++i) {
    llm_.listener->OnReplyText(llm_.current, "well, ");
    Hear(Quiet(2'500));
  }

  EXPECT_EQ(llm_.asked, 2);
}

TEST_F(ReplyTest, AGoodbyeThatBreaksOffIsAGoodbyeAllTheSame) {
  AnswerAndAsk();
  llm_.listener->OnReplyText(llm_.current, "Thank you. We look for");
  llm_.listener->OnToolUse(llm_.current, {.id = "t1", .name = "end_call", .arguments = "{}"});

  Fail(0);
  HearTheRest();

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, "agent_hung_up");
  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna.", "callee: Hello?",
                                   "agent: Thank you. Goodbye."));
}

}  // namespace
}  // namespace latchkey::media
