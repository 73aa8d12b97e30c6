#include "sandbox/callee/call_judge.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void Feed(CallJudge& judge, absl::Duration duration, bool agent, bool callee) {
  for (absl::Duration at; at < duration; at += absl::Milliseconds(20)) {
    judge.OnFrame(agent, agent, callee);
  }
}

TEST(CallJudgeTest, MeasuresFromTheCalleesLastWordToTheAgentsFirst) {
  CallJudge judge;
  Feed(judge, absl::Milliseconds(200), false, false);
  Feed(judge, absl::Seconds(1), true, false);
  Feed(judge, absl::Seconds(1), false, false);
  Feed(judge, absl::Seconds(1), false, true);
  Feed(judge, absl::Milliseconds(640), false, false);
  Feed(judge, absl::Seconds(1), true, false);

  const Judgement judgement = judge.Judge();

  EXPECT_EQ(judgement.first_word, absl::Milliseconds(200));
  EXPECT_EQ(judgement.frames_heard, 100);
  EXPECT_THAT(judgement.voice_to_voice, ElementsAre(absl::Milliseconds(640)));
  EXPECT_THAT(judgement.barge_in, IsEmpty());
  EXPECT_EQ(judgement.speech.size(), 3u);
}

TEST(CallJudgeTest, MeasuresHowLongTheAgentTalksOnWhenItIsInterrupted) {
  CallJudge judge;
  Feed(judge, absl::Seconds(1), true, false);
  Feed(judge, absl::Milliseconds(240), true, true);
  Feed(judge, absl::Seconds(1), false, true);

  EXPECT_THAT(judge.Judge().barge_in, ElementsAre(absl::Milliseconds(240)));
}

TEST(CallJudgeTest, AShortPauseDoesNotDivideASpeech) {
  CallJudge judge;
  Feed(judge, absl::Seconds(1), true, false);
  Feed(judge, absl::Milliseconds(600), false, false);
  Feed(judge, absl::Seconds(1), true, false);

  EXPECT_EQ(judge.Judge().speech.size(), 1u);
}

TEST(CallJudgeTest, AnAsideIsNoInterruptionAndNoTurn) {
  CallJudge judge;
  Feed(judge, absl::Seconds(1), true, false);
  for (int i = 0; i < 10; ++i) judge.OnFrame(true, true, false, true);
  EXPECT_EQ(judge.speaks_now(), Spoken::Who::kAgent);
  Feed(judge, absl::Seconds(1), true, false);

  const Judgement judgement = judge.Judge();

  EXPECT_THAT(judgement.barge_in, IsEmpty());
  EXPECT_THAT(judgement.voice_to_voice, IsEmpty());
  ASSERT_EQ(judgement.speech.size(), 2u);
  EXPECT_EQ(judgement.speech[1].who, Spoken::Who::kAside);
  EXPECT_EQ(judgement.speech[1].start, absl::Seconds(1));
}

TEST(CallJudgeTest, ACallWithoutAWordHasNoFirstWord) {
  CallJudge judge;
  Feed(judge, absl::Seconds(1), false, false);

  EXPECT_EQ(ToJson(judge.Judge()), R"({"first_word_ms":null,"frames_heard":0,"speech":[],)"
                                   R"("voice_to_voice_ms":[],"barge_in_ms":[]})");
}

}  // namespace
}  // namespace latchkey::sandbox
