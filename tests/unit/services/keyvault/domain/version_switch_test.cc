#include "services/keyvault/domain/version_switch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

HeldVersion Held(int version, std::optional<int> current, std::optional<int> older) {
  HeldVersion held;
  held.version = version;
  held.current = current;
  held.older = older;
  return held;
}

TEST(VersionSwitchTest, ASupersededVersionGivesWayToTheCurrentOne) {
  const absl::StatusOr<VersionChoice> choice = ChooseVersion(Held(1, 3, 2), 1);

  ASSERT_THAT(choice, IsOk());
  EXPECT_EQ(choice->version, 3);
  EXPECT_FALSE(choice->fell_back);
  EXPECT_FALSE(choice->repeated);
}

TEST(VersionSwitchTest, TheCurrentVersionFallsBackToTheOneBefore) {
  const absl::StatusOr<VersionChoice> choice = ChooseVersion(Held(3, 3, 2), 3);

  ASSERT_THAT(choice, IsOk());
  EXPECT_EQ(choice->version, 2);
  EXPECT_TRUE(choice->fell_back);
}

TEST(VersionSwitchTest, ThereMayBeNothingToSwitchTo) {
  EXPECT_THAT(ChooseVersion(Held(1, 1, std::nullopt), 1),
              StatusIs(kPrecondition, "no_other_version"));
  // The key was deleted, and its calls finish with what they hold.
  EXPECT_THAT(ChooseVersion(Held(1, std::nullopt, std::nullopt), 1),
              StatusIs(kPrecondition, "no_other_version"));
}

TEST(VersionSwitchTest, ALeaseIsSwitchedOnceAndTheSameRequestIsAnsweredAgain) {
  HeldVersion switched = Held(2, 2, 1);
  switched.switched_from = 1;

  const absl::StatusOr<VersionChoice> again = ChooseVersion(switched, 1);

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->version, 2);
  EXPECT_TRUE(again->repeated);
  EXPECT_THAT(ChooseVersion(switched, 2), StatusIs(kPrecondition, "version_already_switched"));
}

TEST(VersionSwitchTest, AVersionThatTheLeaseNeverHeldIsRefused) {
  EXPECT_THAT(ChooseVersion(Held(1, 2, 1), 7),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

}  // namespace
}  // namespace latchkey::keyvault
