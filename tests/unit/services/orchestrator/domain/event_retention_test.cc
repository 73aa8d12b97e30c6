#include "services/orchestrator/domain/event_retention.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_tenant_event_store.h"
#include "tests/support/orchestrator/samples.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

constexpr absl::Duration kKeep = absl::Hours(24 * 90);

class EventRetentionTest : public ::testing::Test {
 protected:
  void Happen(int count) {
    for (int i = 0; i < count; ++i) {
      TenantEvent event;
      event.id = *EventId::Parse("evt_" + std::to_string(++made_));
      event.tenant = tenant_;
      event.time = clock_.Now();
      ASSERT_THAT(Await(store_.Add(event)), IsOk());
    }
  }

  size_t Kept() {
    return Await(store_.List(tenant_, std::numeric_limits<int64_t>::max(), 10'000))->size();
  }

  int made_ = 0;
  SimulatedClock clock_;
  FakeTenantEventStore store_;
  EventRetention retention_{store_, clock_, kKeep};
  const TenantId tenant_ = SampleTenantId("one");
};

TEST_F(EventRetentionTest, WhatIsOlderIsForgottenAndTheRestIsKept) {
  Happen(3);
  clock_.Advance(kKeep);
  Happen(2);

  EXPECT_THAT(Await(retention_.Sweep()), IsOkAndHolds(0));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(Await(retention_.Sweep()), IsOkAndHolds(3));

  EXPECT_EQ(Kept(), 2u);
}

TEST_F(EventRetentionTest, AnErrorIsGivenBackAndTheNextSweepGoesOn) {
  Happen(2);
  clock_.Advance(kKeep + absl::Seconds(1));
  store_.failure = absl::UnavailableError("Postgres is away.");

  EXPECT_EQ(Await(retention_.Sweep()).status().code(), absl::StatusCode::kUnavailable);
  store_.failure = absl::OkStatus();

  EXPECT_THAT(Await(retention_.Sweep()), IsOkAndHolds(2));
}

TEST_F(EventRetentionTest, AMistypedSettingForgetsNothingOfToday) {
  EventRetention hasty(store_, clock_, absl::Seconds(1));
  Happen(1);
  clock_.Advance(absl::Hours(23));

  EXPECT_THAT(Await(hasty.Sweep()), IsOkAndHolds(0));
}

}  // namespace
}  // namespace latchkey::orchestrator
