#include "services/media/domain/rate_limit.h"

#include <gtest/gtest.h>

namespace latchkey::media {
namespace {

TEST(RateLimitTest, LetsABurstThroughAndThenAsManyASecondAsItIsFor) {
  const absl::Time start = absl::FromUnixSeconds(1'790'000'000);
  RateLimit limit(10, 2);
  EXPECT_TRUE(limit.Take(start));
  EXPECT_TRUE(limit.Take(start));

  EXPECT_FALSE(limit.Take(start));
  EXPECT_FALSE(limit.Take(start + absl::Milliseconds(50)));
  EXPECT_TRUE(limit.Take(start + absl::Milliseconds(110)));
  EXPECT_FALSE(limit.Take(start + absl::Milliseconds(110)));
}

TEST(RateLimitTest, ALongPauseSavesUpNoMoreThanTheBurst) {
  const absl::Time start = absl::FromUnixSeconds(1'790'000'000);
  RateLimit limit(10, 2);
  EXPECT_TRUE(limit.Take(start));

  int taken = 0;
  while (limit.Take(start + absl::Hours(1))) ++taken;

  EXPECT_EQ(taken, 2);
}

TEST(RateLimitTest, AClockThatGoesBackGivesNothing) {
  const absl::Time start = absl::FromUnixSeconds(1'790'000'000);
  RateLimit limit(10, 1);
  EXPECT_TRUE(limit.Take(start));
  EXPECT_FALSE(limit.Take(start - absl::Hours(1)));
}

}  // namespace
}  // namespace latchkey::media
