// What every FleetStore does: the fake and Postgres'.
#include <gtest/gtest.h>

#include <memory>

#include "services/dialer/adapters/postgres_call_store.h"
#include "services/dialer/adapters/postgres_fleet_store.h"
#include "tests/support/await.h"
#include "tests/support/dialer/dialer_database.h"
#include "tests/support/dialer/fake_fleet_store.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

class FleetStoreTest : public testing::TestWithParam<bool> {
 protected:
  FleetStoreTest() {
    if (!GetParam()) return;
    database_ = std::make_unique<DialerDatabase>(io_);
    postgres_ = std::make_unique<PostgresFleetStore>(database_->pool());
  }
  FleetStore& store() { return GetParam() ? static_cast<FleetStore&>(*postgres_) : fake_; }
  std::vector<MediaInstance> List() { return Await(io_, store().List()).value(); }

  boost::asio::io_context io_{1};
  FakeFleetStore fake_;
  std::unique_ptr<DialerDatabase> database_;
  std::unique_ptr<PostgresFleetStore> postgres_;
};

TEST_P(FleetStoreTest, TheLastHeartbeatOfAnInstanceIsWhatIsKnownOfIt) {
  MediaInstance instance = SampleInstance("m1");
  ASSERT_THAT(Await(io_, store().Beat(instance)), IsOk());
  instance.address = "127.0.0.1:2";
  instance.incarnation = "second";
  instance.capacity = 20;
  instance.live_calls = 3;
  instance.draining = true;
  instance.heartbeat_time += absl::Seconds(1);
  ASSERT_THAT(Await(io_, store().Beat(instance)), IsOk());

  const auto fleet = List();

  ASSERT_EQ(fleet.size(), 1u);
  EXPECT_EQ(fleet[0].name, "m1");
  EXPECT_EQ(fleet[0].address, "127.0.0.1:2");
  EXPECT_EQ(fleet[0].incarnation, "second");
  EXPECT_EQ(fleet[0].capacity, 20);
  EXPECT_EQ(fleet[0].live_calls, 3);
  EXPECT_TRUE(fleet[0].draining);
  EXPECT_EQ(fleet[0].heartbeat_time, instance.heartbeat_time);
}

TEST_P(FleetStoreTest, EveryInstanceIsListed) {
  for (const char* name : {"m2", "m1"}) {
    const MediaInstance instance = SampleInstance(name);
    ASSERT_THAT(Await(io_, store().Beat(instance)), IsOk());
  }
  const auto fleet = List();
  ASSERT_EQ(fleet.size(), 2u);
  EXPECT_EQ(fleet[0].name, "m1");
  EXPECT_EQ(fleet[1].name, "m2");
}

INSTANTIATE_TEST_SUITE_P(FakeAndPostgres, FleetStoreTest, testing::Bool());

// Only the records know of calls that an instance has been given since its last heartbeat.
TEST(PostgresFleetStoreTest, CallsOnRecordCountAsLiveOnTheStartOfTheInstanceThatHasThem) {
  boost::asio::io_context io(1);
  DialerDatabase database(io);
  PostgresFleetStore fleet(database.pool());
  PostgresCallStore calls(database.pool(), [] {});
  const MediaInstance instance = SampleInstance("m1");
  ASSERT_THAT(Await(io, fleet.Beat(instance)), IsOk());
  Call lost = SampleCall("call_b");
  lost.media_incarnation = "before";
  const Call live = SampleCall("call_a");
  const Ceilings ceilings{.tenant = 10};
  ASSERT_THAT(Await(io, calls.Admit(live, ceilings)), IsOk());
  ASSERT_THAT(Await(io, calls.Admit(lost, ceilings)), IsOk());

  EXPECT_EQ(Await(io, fleet.List())->front().live_calls, 1);
}

}  // namespace
}  // namespace latchkey::dialer
