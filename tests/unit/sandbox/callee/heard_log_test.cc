#include "sandbox/callee/heard_log.h"

#include <gmock/gmock.h>

#include "sandbox/speech/mulaw.h"

namespace latchkey::sandbox {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

Frame LoudFrame() {
  Frame frame;
  frame.fill(EncodeMulaw(int16_t{6000}));
  return frame;
}

auto IsSpan(int64_t start, int64_t samples, bool loud) {
  return AllOf(Field("start", &HeardLog::Span::start, start),
               Field("samples", &HeardLog::Span::samples, samples),
               Field("loud", &HeardLog::Span::loud, loud));
}

TEST(HeardLogTest, TellsToTheSampleWhatWasPlayed) {
  HeardLog log;
  log.OnFrame(SilentFrame(), 0);
  log.OnFrame(LoudFrame(), 160);
  log.OnFrame(LoudFrame(), 53);
  log.OnFrame(SilentFrame(), 0);
  log.OnFrame(LoudFrame(), 160);

  EXPECT_THAT(log.spans(), ElementsAre(IsSpan(160, 213, true), IsSpan(640, 160, true)));
  EXPECT_EQ(log.position(), 800);
  EXPECT_EQ(log.played(), 373);
}

TEST(HeardLogTest, ADrainedBufferIsAGapAlsoWithinAFrame) {
  HeardLog log;
  log.OnFrame(LoudFrame(), 159);
  log.OnFrame(LoudFrame(), 160);

  EXPECT_THAT(log.spans(), ElementsAre(IsSpan(0, 159, true), IsSpan(160, 160, true)));
}

TEST(HeardLogTest, QuietAudioOfTheAgentsIsPlayedAudio) {
  HeardLog log;
  log.OnFrame(LoudFrame(), 160);
  log.OnFrame(SilentFrame(), 160);

  EXPECT_THAT(log.spans(), ElementsAre(IsSpan(0, 160, true), IsSpan(160, 160, false)));
}

TEST(HeardLogTest, ShowsMarksAndClearsWhereTheyHappened) {
  HeardLog log;
  log.OnMark("be \"quoted\"", 40, false);
  log.OnFrame(LoudFrame(), 160);
  log.OnClear(1234);

  EXPECT_EQ(log.ToJson(),
            R"({"unit":"samples of 125 microseconds since the answer, by the carrier's clock",)"
            R"("samples":160,"played":160,"complete":true,)"
            R"("spans":[{"start":0,"samples":160,"loud":true}],)"
            R"("marks":[{"name":"be \"quoted\"","at":40,"cleared":false}],)"
            R"("clears":[{"at":160,"dropped":1234}]})");
}

TEST(HeardLogTest, KeepsNoMoreThanItMay) {
  HeardLog log;
  for (size_t i = 0; i <= HeardLog::kEntriesMax; ++i) log.OnFrame(LoudFrame(), 10);

  EXPECT_EQ(log.spans().size(), HeardLog::kEntriesMax);
  EXPECT_EQ(log.played(), static_cast<int64_t>(10 * (HeardLog::kEntriesMax + 1)));
  EXPECT_THAT(log.ToJson(), ::testing::HasSubstr(R"("complete":false)"));
}

TEST(HeardLogTest, WhoHeardNothingHasNoSpans) { EXPECT_THAT(HeardLog().spans(), IsEmpty()); }

}  // namespace
}  // namespace latchkey::sandbox
