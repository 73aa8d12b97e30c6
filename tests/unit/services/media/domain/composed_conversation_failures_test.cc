// What a conversation does when a provider fails.
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"
#include "tests/support/media/composed_conversation_fixture.h"

namespace latchkey::media {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

absl::Status Failure(Party party, int http_status) {
  return ClassifyFailure(party, http_status, "");
}

TEST_F(ComposedConversationTest, ARejectedLlmKeyEndsTheCallWithThePreparedApology) {
  Answer();
  const int64_t played = leg_.played;
  Ask("Hello?");

  llm_.listener->OnReplyFailed(llm_.current, Failure(Party::kLanguageModel, 401));

  EXPECT_GT(leg_.played, played);
  EXPECT_FALSE(conversation_.ending().has_value());
  Hear(Quiet(3000));
  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, "anthropic_rejected_key");
  EXPECT_THAT(conversation_.ending()->say, IsEmpty());
  EXPECT_EQ(Texts().back(), "agent: " + std::string(lines::kApology));
}

TEST_F(ComposedConversationTest, WithoutAPreparedApologyTheCarrierSaysIt) {
  conversation_.Prepare();
  conversation_.OnTranscript("", false, false);
  tts_.listener->OnTextToSpeechDown(Failure(Party::kTextToSpeech, 401));

  conversation_.OnStreamStart();

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, "cartesia_rejected_key");
  EXPECT_EQ(conversation_.ending()->say, lines::kApology);
}

TEST_F(ComposedConversationTest, AnOverloadedLlmIsAskedOnceMore) {
  Answer();
  Ask("Hello?");

  llm_.listener->OnReplyFailed(llm_.current, Failure(Party::kLanguageModel, 529));
  Hear(Quiet(300));
  EXPECT_EQ(llm_.asked, 2);
  llm_.Reply({"Hi there."});
  tts_.Synthesize(tts_.last_context());

  ASSERT_THAT(log_.All<TroubleEvent>(), SizeIs(1));
  EXPECT_EQ(log_.All<TroubleEvent>()[0].reason, "anthropic_overloaded");
  EXPECT_TRUE(log_.All<TroubleEvent>()[0].recovered);
}

TEST_F(ComposedConversationTest, ALlmThatFailsTwiceEndsTheCall) {
  Answer();
  Ask("Hello?");
  llm_.listener->OnReplyFailed(llm_.current, Failure(Party::kLanguageModel, 529));
  Hear(Quiet(300));

  llm_.listener->OnReplyFailed(llm_.current, Failure(Party::kLanguageModel, 529));
  Hear(Quiet(3000));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, "anthropic_overloaded");
}

TEST_F(ComposedConversationTest, ABrokenTtsSpeaksAgainOnlyWhatHadNoAudio) {
  Answer();
  Ask("Hello?");
  llm_.listener->OnReplyText(llm_.current, "One two three. ");
  llm_.listener->OnReplyText(llm_.current, "Four five six. ");
  const int context = tts_.last_context();
  tts_.listener->OnWord(
      context, {.text = "One", .start = absl::ZeroDuration(), .end = absl::Milliseconds(100)});
  tts_.listener->OnSpeech(context, Tone(100));

  tts_.listener->OnTextToSpeechDown(Failure(Party::kTextToSpeech, 0));
  Hear(Quiet(300));
  llm_.listener->OnReplyDone(llm_.current);

  EXPECT_EQ(tts_.starts, 2);
  EXPECT_NE(tts_.last_context(), context);
  EXPECT_THAT(tts_.texts[tts_.last_context()], ::testing::StartsWith("two three."));
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(1000));
  EXPECT_EQ(Texts().back(), "agent: One two three. Four five six.");
}

TEST_F(ComposedConversationTest, ATtsThatHangsIsGivenUpAndTriedAgain) {
  Answer();
  Ask("Hello?");
  llm_.Reply({"One two."});

  Hear(Quiet(3'100));
  EXPECT_EQ(tts_.breaks, 1);
  tts_.listener->OnTextToSpeechDown(Failure(Party::kTextToSpeech, 0));
  Hear(Quiet(300));
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(500));

  ASSERT_THAT(log_.All<TroubleEvent>(), SizeIs(1));
  EXPECT_EQ(log_.All<TroubleEvent>()[0].reason, "cartesia_too_slow");
  EXPECT_EQ(Texts().back(), "agent: One two.");
}

TEST_F(ComposedConversationTest, AnSttThatSaysNothingIsGivenUp) {
  Answer();
  Hear(Tone(400));

  Hear(Quiet(4'000));

  EXPECT_EQ(stt_.breaks, 1);
}

TEST_F(ComposedConversationTest, AnSttThatFindsNoWordsInANoiseIsKept) {
  Answer();
  Hear(Tone(400));
  stt_.listener->OnTranscript("", true, true);

  Hear(Quiet(4'000));

  EXPECT_EQ(stt_.breaks, 0);
}

TEST_F(ComposedConversationTest, ABrokenSttHearsTheUnrecognisedAudioAgain) {
  Answer();
  Hear(Tone(400));
  stt_.heard.clear();

  stt_.listener->OnSpeechToTextDown(Failure(Party::kSpeechToText, 0));
  Hear(Quiet(220));

  EXPECT_EQ(stt_.starts, 2);
  EXPECT_GE(stt_.heard.size(), 400U * 8);
}

TEST_F(ComposedConversationTest, TheLastWordOfTtsIsNotWaitedFor) {
  Answer();
  Ask("Hello?");
  llm_.Reply({"One two."});
  const int context = tts_.last_context();
  tts_.listener->OnWord(
      context, {.text = "One", .start = absl::ZeroDuration(), .end = absl::Milliseconds(100)});
  tts_.listener->OnWord(
      context, {.text = "two", .start = absl::Milliseconds(100), .end = absl::Milliseconds(200)});
  tts_.listener->OnSpeech(context, Tone(200));

  Hear(Quiet(800));

  EXPECT_EQ(tts_.breaks, 0);
  EXPECT_EQ(Texts().back(), "agent: One two.");
}

TEST_F(ComposedConversationTest, ATtsThatIsSlowerThanItIsListenedToIsGivenUp) {
  Answer();
  Ask("Hello?");
  llm_.Reply({"One two three four."});
  tts_.listener->OnSpeech(tts_.last_context(), Tone(200));

  Hear(Quiet(2'400));

  EXPECT_EQ(tts_.breaks, 1);
}

TEST_F(ComposedConversationTest, ASentenceThatBreaksTwiceIsLost) {
  Answer();
  Ask("Hello?");
  llm_.Reply({"One two three four."});
  tts_.listener->OnSpeech(tts_.last_context(), Tone(100));
  tts_.listener->OnTextToSpeechDown(Failure(Party::kTextToSpeech, 0));
  Hear(Quiet(300));
  tts_.listener->OnSpeech(tts_.last_context(), Tone(100));

  tts_.listener->OnTextToSpeechDown(Failure(Party::kTextToSpeech, 0));
  Hear(Quiet(3'000));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, "cartesia_dropped");
  EXPECT_EQ(Texts().back(), "agent: " + std::string(lines::kApology));
}

TEST_F(ComposedConversationTest, AContextThatTtsEndsEarlyIsFollowedByAnother) {
  Answer();
  Ask("Hello?");
  llm_.listener->OnReplyText(llm_.current, "One two. ");
  llm_.listener->OnReplyText(llm_.current, "T");
  const int first = tts_.last_context();
  tts_.Synthesize(first);
  tts_.listener->OnSpeechDone(first);

  llm_.Reply({"hree four."});
  EXPECT_NE(tts_.last_context(), first);
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(1'000));

  EXPECT_EQ(Texts().back(), "agent: One two. Three four.");
}

TEST_F(ComposedConversationTest, WhatWasBeingPreparedWhenTtsBrokeIsPreparedAgain) {
  conversation_.Prepare();
  tts_.Synthesize(1);

  tts_.listener->OnTextToSpeechDown(Failure(Party::kTextToSpeech, 0));
  clock_.Advance(absl::Milliseconds(300));
  conversation_.Tick();

  EXPECT_EQ(tts_.texts[tts_.last_context()], lines::kApology);
  EXPECT_EQ(tts_.starts, 2);
}

TEST_F(ComposedConversationTest, ATtsThatHangsWhileItRingsIsGivenUp) {
  conversation_.Prepare();

  clock_.Advance(absl::Seconds(7));
  conversation_.Tick();

  EXPECT_EQ(tts_.breaks, 1);
}

TEST_F(ComposedConversationTest, AStreamThatFallsSilentEndsWithTheCarriersApology) {
  Answer();

  clock_.Advance(absl::Seconds(7));
  conversation_.Tick();

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kStreamLost);
  EXPECT_EQ(conversation_.ending()->say, lines::kApology);
  EXPECT_TRUE(conversation_.ending()->on_our_side);
}

}  // namespace
}  // namespace latchkey::media
