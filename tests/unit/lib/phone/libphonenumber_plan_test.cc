#include <gtest/gtest.h>

#include "lib/phone/numbering_plan.h"

namespace latchkey::phone {
namespace {

NumberFacts Describe(std::string_view text) {
  return LibphonenumberPlan().Describe(E164::Parse(text).value());
}

TEST(LibphonenumberPlanTest, ANumberBelongsToItsCountry) {
  EXPECT_EQ(Describe("+14155552671").region, "US");
  EXPECT_EQ(Describe("+14165550123").region, "CA");
  EXPECT_EQ(Describe("+919812345678").region, "IN");
  EXPECT_EQ(Describe("+442079460123").region, "GB");
}

TEST(LibphonenumberPlanTest, ANumberThatTheMetadataDoesNotKnowBelongsToItsCodesMainCountry) {
  EXPECT_EQ(Describe("+15550100200").region, "US");
}

TEST(LibphonenumberPlanTest, ANumberOfNoCountryHasNoRegion) {
  EXPECT_EQ(Describe("+80012345678").region, "");
  EXPECT_EQ(Describe("+8816123456789").region, "");
}

TEST(LibphonenumberPlanTest, ANumberIsPossibleOnlyAtItsFullLength) {
  EXPECT_TRUE(Describe("+14155552671").possible);
  EXPECT_FALSE(Describe("+1415555267").possible);
  EXPECT_FALSE(Describe("+5552671").possible);
  EXPECT_FALSE(Describe("+9991234567").possible);
}

TEST(LibphonenumberPlanTest, PremiumNumbersAreSeen) {
  EXPECT_TRUE(Describe("+19005550123").premium);
  EXPECT_TRUE(Describe("+449098790000").premium);
  EXPECT_FALSE(Describe("+14155552671").premium);
}

TEST(LibphonenumberPlanTest, ANumberThatASwitchMayTakeForAnEmergencyCallIsSeen) {
  EXPECT_TRUE(Describe("+19115550123").emergency);
  EXPECT_TRUE(Describe("+449991234567").emergency);
}

TEST(LibphonenumberPlanTest, ASubscriberWhoseNumberBeginsLikeAnEmergencyNumberIsNone) {
  EXPECT_FALSE(Describe("+911123456789").emergency);
}

}  // namespace
}  // namespace latchkey::phone
