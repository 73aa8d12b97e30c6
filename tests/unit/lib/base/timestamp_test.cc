#include "lib/base/timestamp.h"

#include <gtest/gtest.h>

#include <limits>

#include "absl/time/time.h"

namespace latchkey {
namespace {

int64_t SecondsAt(int year, int month, int day) {
  return absl::ToUnixSeconds(
      absl::FromCivil(absl::CivilDay(year, month, day), absl::UTCTimeZone()));
}

TEST(TimestampTest, YearsOneToNineThousandNineHundredAndNinetyNineAreTimes) {
  EXPECT_TRUE(IsTimestamp(0, 0));
  EXPECT_TRUE(IsTimestamp(SecondsAt(1, 1, 1), 0));
  EXPECT_TRUE(IsTimestamp(SecondsAt(10000, 1, 1) - 1, 999'999'999));
}

TEST(TimestampTest, WhatIsBeyondIsNone) {
  EXPECT_FALSE(IsTimestamp(SecondsAt(1, 1, 1) - 1, 0));
  EXPECT_FALSE(IsTimestamp(SecondsAt(10000, 1, 1), 0));
  EXPECT_FALSE(IsTimestamp(std::numeric_limits<int64_t>::min(), 0));
  EXPECT_FALSE(IsTimestamp(std::numeric_limits<int64_t>::max(), 0));
  EXPECT_FALSE(IsTimestamp(0, -1));
  EXPECT_FALSE(IsTimestamp(0, 1'000'000'000));
}

}  // namespace
}  // namespace latchkey
