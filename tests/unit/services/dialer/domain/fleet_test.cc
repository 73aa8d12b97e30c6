#include "services/dialer/domain/fleet.h"

#include <gtest/gtest.h>

#include "tests/support/dialer/sample_line.h"

namespace latchkey::dialer {
namespace {

const absl::Time kNow = kIndianNoon;

MediaInstance Loaded(const std::string& name, int64_t live, int64_t capacity) {
  MediaInstance instance = SampleInstance(name);
  instance.live_calls = live;
  instance.capacity = capacity;
  return instance;
}

std::string ChosenName(const std::vector<MediaInstance>& fleet,
                       const std::set<std::string>& refused = {}) {
  const auto chosen = Choose(fleet, kNow, refused);
  return chosen.has_value() ? chosen->name : "";
}

TEST(FleetTest, TheInstanceWithTheMostRoomForItsSizeIsChosen) {
  EXPECT_EQ(ChosenName({Loaded("m1", 5, 10), Loaded("m2", 20, 100), Loaded("m3", 3, 10)}), "m2");
}

TEST(FleetTest, SilenceOfTenSecondsIsDeath) {
  MediaInstance silent = SampleInstance("m1", kNow - absl::Seconds(10));
  EXPECT_FALSE(IsAlive(silent, kNow));
  EXPECT_EQ(ChosenName({silent}), "");
  silent.heartbeat_time += absl::Milliseconds(1);
  EXPECT_TRUE(IsAlive(silent, kNow));
}

TEST(FleetTest, AFullADrainingAndARefusingInstanceAreNotChosen) {
  MediaInstance draining = Loaded("m2", 0, 10);
  draining.draining = true;
  EXPECT_EQ(ChosenName({Loaded("m1", 10, 10), draining, Loaded("m3", 0, 10)}, {"m3"}), "");
}

TEST(FleetTest, AnInstanceWithoutCapacityIsNotChosen) {
  EXPECT_EQ(ChosenName({Loaded("m1", 0, 0)}), "");
}

TEST(InboundFleetTest, TheAskerIsTakenAtItsWordAboutItsRoom) {
  std::vector<MediaInstance> fleet = {SampleInstance("m1"), SampleInstance("m2")};
  fleet[0].live_calls = fleet[0].capacity;

  const auto asker = ChooseForInbound(fleet, kIndianNoon, Asker{"m1", "second", true});
  const auto other = ChooseForInbound(fleet, kIndianNoon, Asker{"m2", "first", false});

  ASSERT_TRUE(asker.has_value());
  EXPECT_EQ(asker->name, "m1");
  EXPECT_EQ(asker->incarnation, "second");
  EXPECT_FALSE(other.has_value());
}

TEST(InboundFleetTest, AnAskerThatHasNeverBeatenIsNotChosen) {
  const std::vector<MediaInstance> fleet = {SampleInstance("m2")};
  EXPECT_EQ(ChooseForInbound(fleet, kIndianNoon, Asker{"m1", "first", true})->name, "m2");
}

TEST(InboundFleetTest, ARestartedInstanceHasLostItsCalls) {
  const std::vector<MediaInstance> fleet = {SampleInstance("m1")};
  Call call = SampleCall();
  EXPECT_TRUE(FindLive(fleet, call, kIndianNoon).has_value());
  EXPECT_FALSE(FindLive(fleet, call, kIndianNoon + absl::Seconds(10)).has_value());
  call.media_incarnation = "zeroth";
  EXPECT_FALSE(FindLive(fleet, call, kIndianNoon).has_value());
}

}  // namespace
}  // namespace latchkey::dialer
