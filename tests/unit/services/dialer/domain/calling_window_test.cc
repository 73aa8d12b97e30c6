#include "services/dialer/domain/calling_window.h"

#include <gtest/gtest.h>

namespace latchkey::dialer {
namespace {

absl::Time Utc(int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(2026, 7, 1, hour, minute), absl::UTCTimeZone());
}

class CallingWindowTest : public testing::Test {
 protected:
  bool Open(std::string_view region, absl::Time now) const {
    return IsOpen(window_, zones_, region, now);
  }

  phone::Zones zones_ = phone::Zones::Load().value();
  CallingWindow window_;  // 09:00 to 21:00.
};

TEST_F(CallingWindowTest, IncludesItsStartAndNotItsEnd) {
  EXPECT_FALSE(Open("IN", Utc(3, 29)));
  EXPECT_TRUE(Open("IN", Utc(3, 30)));    // 09:00.
  EXPECT_TRUE(Open("IN", Utc(15, 29)));   // 20:59.
  EXPECT_FALSE(Open("IN", Utc(15, 30)));  // 21:00.
}

TEST_F(CallingWindowTest, ACountryOfManyZonesIsOpenOnlyWhileAllOfItIs) {
  EXPECT_FALSE(Open("US", Utc(15)));  // 11:00 in New York, 05:00 in Honolulu.
  EXPECT_TRUE(Open("US", Utc(20)));   // 16:00 in New York, 10:00 in Honolulu.
  EXPECT_FALSE(Open("US", Utc(2)));   // 22:00 in New York, 16:00 in Honolulu.
}

TEST_F(CallingWindowTest, ARegionWithoutZonesIsOpenOnlyForAWindowWithoutBounds) {
  EXPECT_FALSE(Open("", Utc(12)));
  window_ = {0, 1440};
  EXPECT_TRUE(Open("", Utc(12)));
}

TEST_F(CallingWindowTest, AWindowWithoutBoundsIsAlwaysOpen) {
  window_ = {0, 1440};
  for (int hour = 0; hour < 24; ++hour) EXPECT_TRUE(Open("US", Utc(hour)));
}

TEST_F(CallingWindowTest, TheNextOpeningIsFoundAlsoAtAnOddMinute) {
  window_.start = 9 * 60 + 7;
  const auto opening = NextOpening(window_, zones_, "NP", Utc(20));  // UTC+05:45.
  ASSERT_TRUE(opening.has_value());
  EXPECT_EQ(*opening, Utc(3, 22) + absl::Hours(24));
}

TEST_F(CallingWindowTest, ThereIsNoOpeningWhereAllZonesNeverAgree) {
  window_ = {9 * 60, 10 * 60};
  EXPECT_FALSE(NextOpening(window_, zones_, "US", Utc(12)).has_value());
}

}  // namespace
}  // namespace latchkey::dialer
