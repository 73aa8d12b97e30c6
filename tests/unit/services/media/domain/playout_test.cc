#include "services/media/domain/playout.h"

#include <gtest/gtest.h>

namespace latchkey::media {
namespace {

TEST(PlayoutTest, HeardFollowsTheCarriersClock) {
  Playout playout;
  playout.Begin();
  playout.Sent(8000, 100);

  EXPECT_EQ(playout.Heard(100), 0);
  EXPECT_EQ(playout.Heard(4100), 4000);
  EXPECT_EQ(playout.Heard(9000), 8000);
}

TEST(PlayoutTest, AGapBetweenTwoPiecesIsNotHeard) {
  Playout playout;
  playout.Begin();
  playout.Sent(800, 0);

  playout.Sent(800, 2000);

  EXPECT_EQ(playout.Heard(2000), 800);
  EXPECT_EQ(playout.Heard(2400), 1200);
}

TEST(PlayoutTest, NothingBehindAMarkThatHasNotComeBackWasHeard) {
  Playout playout;
  playout.Begin();
  playout.Sent(1600, 0);
  const int64_t mark = playout.TakeMark();
  playout.Sent(1600, 0);

  EXPECT_EQ(playout.Heard(2000), 1600);
  playout.OnMark(mark, 2000);
  EXPECT_EQ(playout.Heard(2000), 2000);
}

TEST(PlayoutTest, AMarkThatComesEarlyMovesTheEstimateForward) {
  Playout playout;
  playout.Begin();
  playout.Sent(1600, 0);
  const int64_t mark = playout.TakeMark();
  playout.Sent(1600, 0);

  playout.OnMark(mark, 1000);

  EXPECT_EQ(playout.Heard(1000), 1600);
}

TEST(PlayoutTest, ClearKeepsWhatWasHeardAndForgetsTheRest) {
  Playout playout;
  playout.Begin();
  playout.Sent(8000, 0);
  const int64_t mark = playout.TakeMark();

  EXPECT_EQ(playout.Clear(3000), 3000);
  playout.OnMark(mark, 3001);  // The carrier returns every mark when it clears.

  EXPECT_EQ(playout.Heard(9000), 3000);
  EXPECT_TRUE(playout.Finished(3001));
}

TEST(PlayoutTest, FinishedWaitsForTheMarkButNotForEver) {
  Playout playout;
  playout.Begin();
  playout.Sent(800, 0);
  const int64_t mark = playout.TakeMark();

  EXPECT_FALSE(playout.Finished(900));
  EXPECT_TRUE(playout.Finished(800 + 8001));
  playout.OnMark(mark, 900);
  EXPECT_TRUE(playout.Finished(900));
}

}  // namespace
}  // namespace latchkey::media
