#include "lib/phone/zones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace latchkey::phone {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNoonInJuly =
    absl::FromCivil(absl::CivilMinute(2026, 7, 1, 12), absl::UTCTimeZone());
const absl::Time kNoonInJanuary =
    absl::FromCivil(absl::CivilMinute(2026, 1, 1, 12), absl::UTCTimeZone());

TEST(ZonesTest, ACountryOfOneZoneShowsOneTime) {
  const auto zones = Zones::Load();
  ASSERT_THAT(zones, IsOk());

  EXPECT_THAT(zones->MinutesOfDay("IN", kNoonInJuly), ElementsAre(17 * 60 + 30));
}

TEST(ZonesTest, ACountryOfManyZonesShowsThemAll) {
  const auto zones = Zones::Load();
  ASSERT_THAT(zones, IsOk());

  EXPECT_THAT(zones->MinutesOfDay("US", kNoonInJuly), Contains(2 * 60));  // Honolulu.
  EXPECT_THAT(zones->MinutesOfDay("US", kNoonInJuly), Contains(8 * 60));  // New York.
}

TEST(ZonesTest, SummerTimeCounts) {
  const auto zones = Zones::Load();
  ASSERT_THAT(zones, IsOk());

  EXPECT_THAT(zones->MinutesOfDay("GB", kNoonInJuly), ElementsAre(13 * 60));
  EXPECT_THAT(zones->MinutesOfDay("GB", kNoonInJanuary), ElementsAre(12 * 60));
}

TEST(ZonesTest, AnUnknownRegionHasNoTime) {
  const auto zones = Zones::Load();
  ASSERT_THAT(zones, IsOk());

  EXPECT_THAT(zones->MinutesOfDay("", kNoonInJuly), IsEmpty());
}

TEST(ZonesTest, AMissingTableIsAnError) {
  EXPECT_THAT(Zones::Load("/nonexistent/zone.tab"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "zones_missing"));
}

}  // namespace
}  // namespace latchkey::phone
