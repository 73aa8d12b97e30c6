#include "sandbox/carrier/playout_buffer.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<uint8_t> Audio(size_t bytes) { return std::vector<uint8_t>(bytes, 0x21); }

TEST(PlayoutBufferTest, PlaysAFrameAtATimeAndThenSilence) {
  PlayoutBuffer buffer;
  buffer.Play(Audio(200));

  EXPECT_EQ(buffer.Next().frame[159], 0x21);
  const PlayoutBuffer::Tick second = buffer.Next();
  EXPECT_TRUE(second.played);
  EXPECT_EQ(second.frame[39], 0x21);
  EXPECT_EQ(second.frame[40], kMulawSilence);
  EXPECT_FALSE(buffer.Next().played);
}

TEST(PlayoutBufferTest, AMarkComesBackWhenWhatWasQueuedBeforeItHasBeenPlayed) {
  PlayoutBuffer buffer;
  buffer.Play(Audio(320));
  buffer.Mark("first");
  buffer.Play(Audio(160));
  buffer.Mark("second");

  buffer.Next();
  EXPECT_THAT(buffer.TakeMarks(), IsEmpty());
  buffer.Next();
  EXPECT_THAT(buffer.TakeMarks(), ElementsAre("first"));
  buffer.Next();
  EXPECT_THAT(buffer.TakeMarks(), ElementsAre("second"));
}

TEST(PlayoutBufferTest, AMarkWithNothingBeforeItComesBackAtOnce) {
  PlayoutBuffer buffer;

  buffer.Mark("now");

  EXPECT_THAT(buffer.TakeMarks(), ElementsAre("now"));
  EXPECT_THAT(buffer.TakeMarks(), IsEmpty());
}

TEST(PlayoutBufferTest, ClearDropsTheAudioAndReturnsEveryMarkInOrder) {
  PlayoutBuffer buffer;
  buffer.Play(Audio(800));
  buffer.Mark("one");
  buffer.Mark("two");
  buffer.Next();

  buffer.Clear();

  EXPECT_THAT(buffer.TakeMarks(), ElementsAre("one", "two"));
  EXPECT_FALSE(buffer.Next().played);
}

TEST(PlayoutBufferTest, AMarkAfterClearCountsFromThere) {
  PlayoutBuffer buffer;
  buffer.Play(Audio(800));
  buffer.Next();
  buffer.Clear();
  buffer.Play(Audio(160));
  buffer.Mark("after");

  EXPECT_THAT(buffer.TakeMarks(), IsEmpty());
  buffer.Next();
  EXPECT_THAT(buffer.TakeMarks(), ElementsAre("after"));
}

TEST(PlayoutBufferTest, MoreThanTenMinutesAreDropped) {
  PlayoutBuffer buffer;

  EXPECT_TRUE(buffer.Play(Audio(PlayoutBuffer::kBytesMax)));
  EXPECT_FALSE(buffer.Play(Audio(1)));
}

TEST(PlayoutBufferTest, AClearMayLoseTheMarks) {
  PlayoutBuffer buffer;
  buffer.Play(Audio(320));
  buffer.Mark("lost");

  buffer.Clear(false);

  EXPECT_THAT(buffer.TakeMarks(), IsEmpty());
  EXPECT_EQ(buffer.waiting_bytes(), 0u);
}

}  // namespace
}  // namespace latchkey::sandbox
