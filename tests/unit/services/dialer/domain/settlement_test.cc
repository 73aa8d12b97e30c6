#include "services/dialer/domain/settlement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/dialer/domain/live_calls.h"
#include "services/dialer/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/dialer/fake_call_store.h"
#include "tests/support/dialer/fake_fleet_store.h"
#include "tests/support/dialer/fake_media_control.h"
#include "tests/support/dialer/fake_peers.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/seeded_random.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SettlementTest : public testing::Test {
 protected:
  SettlementTest() {
    Beat("m1");
    Beat("m2");
    const Ceilings ceilings{.tenant = 10};
    EXPECT_THAT(Await(io_, store_.Admit(call_, ceilings)), IsOk());
    Change([](Call& call) { Advance(call, CallState::kAnswered, kIndianNoon, "CA1"); });
  }

  void Beat(const std::string& name, const std::string& incarnation = "first") {
    MediaInstance instance = SampleInstance(name, clock_.Now());
    instance.incarnation = incarnation;
    EXPECT_THAT(Await(io_, fleet_.Beat(instance)), IsOk());
  }

  void Change(const std::function<void(Call&)>& change) {
    const Transition transition = [&](Call& call) {
      change(call);
      return absl::OkStatus();
    };
    EXPECT_THAT(Await(io_, store_.Update(call_.id, transition)), IsOk());
  }

  size_t SettleLost() { return Await(io_, settlement_.SettleLost()).value(); }
  Call Record() { return Await(io_, store_.Find(call_.id)).value(); }

  void NoteCarrierEnd() {
    Change([&](Call& call) {
      call.carrier_end = CarrierEnd{Disposition::kCompleted, 33, clock_.Now()};
    });
  }

  // m1 falls silent; m2 goes on.
  void LoseM1() {
    clock_.Advance(kSilenceMax + absl::Seconds(1));
    Beat("m2");
  }

  boost::asio::io_context io_{1};
  const Call call_ = SampleCall();
  FakeFleetStore fleet_;
  FakeCallStore store_{fleet_};
  FakeMediaControl media_;
  FakeSigner signer_;
  SimulatedClock clock_{kIndianNoon};
  SeededRandom random_;
  Settlement settlement_{io_.get_executor(), store_, fleet_, media_, signer_, clock_, random_};
};

TEST_F(SettlementTest, ACallOfALiveInstanceIsLeftAlone) {
  EXPECT_EQ(SettleLost(), 0u);
  EXPECT_THAT(media_.settlers, IsEmpty());
}

TEST_F(SettlementTest, ACallOfASilentInstanceIsSettledByAnotherWithASettleTicket) {
  LoseM1();

  EXPECT_EQ(SettleLost(), 1u);

  EXPECT_THAT(media_.settlers, ElementsAre("m2"));
  ASSERT_EQ(signer_.signed_terms.size(), 1u);
  EXPECT_EQ(signer_.signed_terms[0].purpose, TicketPurpose::kSettle);
  EXPECT_EQ(signer_.signed_terms[0].media_instance, "m2");
  EXPECT_EQ(Record().settler, "m2");
}

TEST_F(SettlementTest, TheSettlerClosesTheCallWithItsTrueLengthAndItIsMeteredOnce) {
  FakeVerifier verifier;
  LiveCalls live(store_, fleet_, media_, verifier, clock_);
  LoseM1();
  ASSERT_EQ(SettleLost(), 1u);
  Outcome outcome;
  outcome.end_time = kIndianNoon + absl::Seconds(7);
  outcome.carrier_answered_s = 7;

  EXPECT_THAT(Await(io_, live.Complete("m2", call_.id, outcome)), IsOk());

  EXPECT_EQ(Record().answered_s, 7);
  EXPECT_THAT(store_.metered, ElementsAre("call_a"));
  clock_.Advance(absl::Minutes(5));
  EXPECT_EQ(SettleLost(), 0u);
}

TEST_F(SettlementTest, ARestartedInstanceHasLostItsCallsAtOnceAndMaySettleThem) {
  Beat("m1", "second");
  EXPECT_EQ(SettleLost(), 1u);
  EXPECT_EQ(media_.settlers.size(), 1u);
}

TEST_F(SettlementTest, ACallThatNoInstanceTookIsSettledAfterAMinute) {
  Change([](Call& call) { call.state = CallState::kQueued; });
  clock_.Advance(absl::Seconds(61));
  Beat("m1");
  Beat("m2");
  EXPECT_EQ(SettleLost(), 1u);
}

TEST_F(SettlementTest, ACallThatTheCarrierEndedIsSettledWhenNobodyClosesIt) {
  NoteCarrierEnd();
  clock_.Advance(absl::Seconds(31));
  Beat("m1");
  Beat("m2");

  EXPECT_EQ(SettleLost(), 1u);

  EXPECT_EQ(media_.settlers.size(), 1u);
}

TEST_F(SettlementTest, TheCarriersWordClosesACallThatNobodyIsLeftToSettle) {
  NoteCarrierEnd();
  clock_.Advance(absl::Seconds(31));

  EXPECT_EQ(SettleLost(), 1u);

  EXPECT_THAT(media_.settlers, IsEmpty());
  EXPECT_EQ(Record().state, CallState::kEnded);
  EXPECT_EQ(Record().answered_s, 33);
  EXPECT_EQ(Record().reason, reasons::kMediaLost);
  EXPECT_THAT(store_.metered, ElementsAre("call_a"));
}

TEST_F(SettlementTest, ACallThatMayNotBeListedYetWaits) {
  Change([](Call& call) { call.carrier_call_id.clear(); });
  clock_.Advance(kSilenceMax + absl::Seconds(1));
  Beat("m2");
  EXPECT_EQ(SettleLost(), 0u);

  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(SettleLost(), 1u);
}

TEST_F(SettlementTest, WhatCouldNotBeSettledIsTriedAgainLaterAndNotAtOnce) {
  media_.settle = [](const MediaInstance&, const Call&) {
    return Error(absl::StatusCode::kUnavailable, "carrier_unreachable", "Silence.");
  };
  LoseM1();
  EXPECT_EQ(SettleLost(), 1u);
  EXPECT_EQ(SettleLost(), 0u);

  clock_.Advance(absl::Seconds(21));
  Beat("m2");
  EXPECT_EQ(SettleLost(), 1u);
  EXPECT_EQ(media_.settlers.size(), 2u);
}

TEST_F(SettlementTest, WithoutALiveInstanceTheCallWaits) {
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(SettleLost(), 1u);
  EXPECT_THAT(media_.settlers, IsEmpty());
  EXPECT_NE(Record().state, CallState::kEnded);
}

TEST_F(SettlementTest, AfterItsOwnStartItGivesInstancesTimeToBeHeard) {
  settlement_.Start();
  io_.restart();
  io_.poll();
  EXPECT_EQ(clock_.NextWake(), clock_.Now() + kSilenceMax);
  Await(io_, settlement_.Stop());
}

}  // namespace
}  // namespace latchkey::dialer
