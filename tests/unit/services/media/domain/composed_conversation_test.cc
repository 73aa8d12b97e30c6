#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"
#include "tests/support/media/composed_conversation_fixture.h"

namespace latchkey::media {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST_F(ComposedConversationTest, TheFirstMessageIsMadeWhileItRingsAndHeardAtTheAnswer) {
  Prepare();
  EXPECT_EQ(leg_.played, 0);

  conversation_.OnStreamStart();

  EXPECT_EQ(leg_.played, 4 * 800);  // Four words.
  Hear(Quiet(600));
  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna."));
}

TEST_F(ComposedConversationTest, TheFirstSentenceIsSpokenWhileTheLlmStillWrites) {
  Answer();
  Ask("Who is there?");

  llm_.listener->OnReplyText(llm_.current, "It is Anna. I am");

  EXPECT_EQ(tts_.pieces.back().second, "It is Anna. ");
}

TEST_F(ComposedConversationTest, ATurnIsAnsweredAndItsLatencyTold) {
  Answer();
  Ask("Who is there?");
  EXPECT_THAT(llm_.messages, SizeIs(3));
  EXPECT_EQ(llm_.messages.back().text, "Who is there?");

  clock_.Advance(absl::Milliseconds(100));
  llm_.Reply({"It is Anna."});
  clock_.Advance(absl::Milliseconds(50));
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(500));

  EXPECT_THAT(Texts(), ElementsAre("agent: Hello, this is Anna.", "callee: Who is there?",
                                   "agent: It is Anna."));
  ASSERT_THAT(log_.All<LatencyEvent>(), SizeIs(1));
  const LatencyEvent latency = log_.All<LatencyEvent>()[0];
  EXPECT_EQ(latency.stt_final, absl::Milliseconds(200));
  EXPECT_EQ(latency.llm_first_token, absl::Milliseconds(300));
  EXPECT_EQ(latency.first_frame, absl::Milliseconds(350));
}

TEST_F(ComposedConversationTest, BargeInStopsEverythingAndTheHistoryKeepsOnlyWhatWasHeard) {
  Answer();
  Ask("Tell me.");
  llm_.listener->OnReplyText(llm_.current, "One two three four five six seven eight. And");
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(300));
  const int cancels = llm_.cancels;

  Hear(Tone(120));

  EXPECT_EQ(leg_.clears, 1);
  EXPECT_GT(llm_.cancels, cancels);
  EXPECT_THAT(tts_.cancelled, ElementsAre(tts_.last_context()));
  stt_.Say("Stop.");
  ASSERT_THAT(llm_.messages, SizeIs(5));
  EXPECT_EQ(llm_.messages[3].text, "One two three four");
  EXPECT_THAT(Texts(), ::testing::Contains("agent: One two three four -"));
}

TEST_F(ComposedConversationTest, BargeInComesWithin120MsOfTheFirstVoicedFrame) {
  Prepare();
  conversation_.OnStreamStart();
  Hear(Quiet(100));

  Hear(Tone(100));

  EXPECT_EQ(leg_.clears, 1);
}

TEST_F(ComposedConversationTest, AReplyWaitsForTheRestOfTheCalleesSentence) {
  Answer();
  Ask("Thursday is perfect for me.");  // STT ended the turn at a pause.
  Hear(Tone(120));
  llm_.Reply({"Wonderful."});
  tts_.Synthesize(tts_.last_context());
  const int64_t played = leg_.played;
  Hear(Quiet(300));
  EXPECT_EQ(leg_.played, played);

  Hear(Quiet(200));

  EXPECT_EQ(leg_.played, played + 800);
  EXPECT_EQ(llm_.asked, 1);
  Hear(Quiet(200));
  EXPECT_EQ(Texts().back(), "agent: Wonderful.");
}

TEST_F(ComposedConversationTest, WordsBeforeTheReplyHasBegunBelongToTheQuestion) {
  Answer();
  Ask("I want");
  Hear(Tone(120));
  llm_.Reply({"What do you want?"});
  tts_.Synthesize(tts_.last_context());

  stt_.Say("an apple.");

  EXPECT_EQ(llm_.asked, 2);
  EXPECT_EQ(llm_.messages.back().text, "I want an apple.");
  EXPECT_EQ(leg_.clears, 0);
}

TEST_F(ComposedConversationTest, AClickIsNoBargeIn) {
  Prepare();
  conversation_.OnStreamStart();
  Hear(Quiet(100));

  Hear(Tone(40));
  Hear(Quiet(100));

  EXPECT_EQ(leg_.clears, 0);
}

TEST_F(ComposedConversationTest, LateWordsOfAnOldReplyAreDropped) {
  Answer();
  Ask("Tell me.");
  const int old_request = llm_.current;
  llm_.listener->OnReplyText(old_request, "One two. Three");
  const int old_context = tts_.last_context();
  tts_.Synthesize(old_context);
  Hear(Tone(120));
  const int64_t played = leg_.played;

  llm_.listener->OnReplyText(old_request, " four. Five");
  llm_.listener->OnReplyDone(old_request);
  tts_.listener->OnSpeech(old_context, Tone(100));

  EXPECT_EQ(leg_.played, played);
  EXPECT_EQ(tts_.texts[old_context], "One two. ");
}

TEST_F(ComposedConversationTest, AfterNoiseTheAgentGoesOnWhereItStopped) {
  Answer();
  Ask("Tell me.");
  llm_.Reply({"One two three four five six."});
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(200));
  Hear(Tone(120));

  Hear(Quiet(3000));

  EXPECT_THAT(tts_.pieces.back().second, HasSubstr("six."));
  EXPECT_THAT(tts_.pieces.back().second, ::testing::Not(HasSubstr("One")));
}

TEST_F(ComposedConversationTest, TheAgentGoesOnAsSoonAsSttHeardNoWordInTheNoise) {
  Answer();
  Ask("Tell me.");
  llm_.Reply({"One two three four five six."});
  tts_.Synthesize(tts_.last_context());
  Hear(Quiet(200));
  Hear(Tone(120));
  Hear(Quiet(800));
  ASSERT_THAT(tts_.pieces.back().second, HasSubstr("One"));

  stt_.Say("");
  Hear(Quiet(20));

  EXPECT_THAT(tts_.pieces.back().second, HasSubstr("six."));
  EXPECT_THAT(tts_.pieces.back().second, ::testing::Not(HasSubstr("One")));
}

TEST_F(ComposedConversationTest, AnInterruptedGreetingIsNotWaitedForByWhatIsPreparedNext) {
  conversation_.Prepare();
  tts_.listener->OnSpeech(1, Tone(400));
  conversation_.OnStreamStart();
  Hear(Quiet(200));

  Hear(Tone(120));
  Hear(Quiet(100));

  EXPECT_THAT(tts_.cancelled, ::testing::Contains(1));
  EXPECT_EQ(tts_.pieces.back().second, lines::kApology);
}

TEST_F(ComposedConversationTest, TheEndCallToolHangsUpWhenTheGoodbyeHasBeenHeard) {
  Answer();
  Ask("Bye.");
  llm_.listener->OnReplyText(llm_.current, "Goodbye, Ben.");
  llm_.listener->OnToolUse(llm_.current, {.id = "t1", .name = "end_call", .arguments = "{}"});
  llm_.listener->OnReplyDone(llm_.current);
  tts_.Synthesize(tts_.last_context());
  EXPECT_FALSE(conversation_.ending().has_value());

  Hear(Quiet(400));

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kAgentHungUp);
  EXPECT_TRUE(conversation_.ending()->on_our_side);
  EXPECT_EQ(Texts().back(), "agent: Goodbye, Ben.");
}

TEST_F(ComposedConversationTest, SilenceIsAskedAboutTwiceAndThenTheCallEnds) {
  Answer();

  for (int i = 0; i < 3; ++i) {
    Hear(Quiet(10'500));
    tts_.Synthesize(tts_.last_context());
    Hear(Quiet(2'000));
  }

  ASSERT_TRUE(conversation_.ending().has_value());
  EXPECT_EQ(conversation_.ending()->reason, reasons::kCalleeSilent);
  EXPECT_THAT(Texts(), ::testing::Contains("agent: " + std::string(lines::kAreYouThere)).Times(2));
}

TEST_F(ComposedConversationTest, TheMaximumLengthEndsTheCallWithAGoodbye) {
  spec_.agent.call_duration_max = absl::Seconds(1);
  ComposedConversation conversation(spec_, {.stt = stt_,
                                            .llm = llm_,
                                            .tts = tts_,
                                            .tools = tools_,
                                            .leg = leg_,
                                            .log = log_,
                                            .clock = clock_});
  conversation.Prepare();
  conversation.OnStreamStart();
  clock_.Advance(absl::Seconds(2));

  conversation.Tick();

  EXPECT_EQ(tts_.pieces.back().second, lines::kTimeIsUp);
  clock_.Advance(absl::Seconds(60));  // TTS never answers.
  conversation.Tick();
  conversation.Tick();
  ASSERT_TRUE(conversation.ending().has_value());
  EXPECT_EQ(conversation.ending()->reason, reasons::kDurationMax);
}

TEST_F(ComposedConversationTest, AHungUpCallIsToldFromABrokenStream) {
  Answer();

  conversation_.OnStreamEnd(true);

  EXPECT_EQ(conversation_.ending()->reason, reasons::kCalleeHungUp);
  EXPECT_FALSE(conversation_.ending()->on_our_side);
  EXPECT_TRUE(stt_.stopped && llm_.stopped && tts_.stopped);
}

TEST_F(ComposedConversationTest, TheRecordingHasBothSidesAsTheyWereHeard) {
  Prepare();
  conversation_.OnStreamStart();

  Hear(Quiet(200));
  Hear(Tone(200));

  ASSERT_EQ(recorder_.callee.size(), recorder_.agent.size());
  EXPECT_EQ(recorder_.callee.size(), 400U * 8);
  EXPECT_EQ(recorder_.agent[100 * 8], Tone(20)[0]);  // The agent spoke,
  EXPECT_EQ(recorder_.agent[390 * 8], kSilence);     // until it was interrupted.
}

TEST_F(ComposedConversationTest, WordsThatSttNeverEndsAreAnsweredAllTheSame) {
  Answer();
  Hear(Tone(300));
  stt_.listener->OnTranscript("my name is Ben", false, false);

  Hear(Quiet(2000));

  EXPECT_EQ(llm_.asked, 1);
  EXPECT_GE(stt_.finalizes, 1);
  EXPECT_EQ(llm_.messages.back().text, "my name is Ben");
}

}  // namespace
}  // namespace latchkey::media
