// What every CallStore does: the fake and Postgres'.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "services/dialer/adapters/postgres_call_store.h"
#include "services/dialer/adapters/postgres_fleet_store.h"
#include "services/dialer/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/dialer/dialer_database.h"
#include "tests/support/dialer/fake_call_store.h"
#include "tests/support/dialer/fake_fleet_store.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = kIndianNoon;

class CallStoreTest : public testing::TestWithParam<bool> {
 protected:
  CallStoreTest() {
    if (!GetParam()) return;
    database_ = std::make_unique<DialerDatabase>(io_);
    postgres_fleet_ = std::make_unique<PostgresFleetStore>(database_->pool());
    postgres_ = std::make_unique<PostgresCallStore>(database_->pool(), [this] { ++wakes_; });
  }

  CallStore& store() { return GetParam() ? static_cast<CallStore&>(*postgres_) : fake_; }
  FleetStore& fleet() {
    return GetParam() ? static_cast<FleetStore&>(*postgres_fleet_) : fake_fleet_;
  }

  absl::Status Admit(const Call& call, Ceilings ceilings = {.tenant = 10, .llm = 0}) {
    return Await(io_, store().Admit(call, ceilings));
  }
  absl::StatusOr<Call> Find(const std::string& id) {
    const CallId call_id = CallId::Parse(id).value();
    return Await(io_, store().Find(call_id));
  }
  absl::StatusOr<Call> Change(const std::string& id, const std::function<void(Call&)>& change) {
    const CallId call_id = CallId::Parse(id).value();
    const Transition transition = [&](Call& call) {
      change(call);
      return absl::OkStatus();
    };
    return Await(io_, store().Update(call_id, transition));
  }
  absl::StatusOr<Call> End(const std::string& id) {
    return Change(id, [](Call& call) {
      Outcome outcome;
      outcome.answer_time = kNow;
      outcome.end_time = kNow + absl::Seconds(20);
      Close(call, outcome);
    });
  }
  void Beat(const std::string& name, absl::Time time, const std::string& incarnation = "first") {
    MediaInstance instance = SampleInstance(name, time);
    instance.incarnation = incarnation;
    EXPECT_THAT(Await(io_, fleet().Beat(instance)), IsOk());
  }
  std::vector<std::string> Claim(absl::Time now, int limit = 10) {
    LostCalls lost;
    lost.now = now;
    lost.silent_since = now - absl::Seconds(10);
    lost.queued_since = now - absl::Seconds(60);
    lost.ended_since = now - absl::Seconds(30);
    lost.listed_since = listed_since_;
    lost.retry_time = now + absl::Seconds(20);
    const auto calls = Await(io_, store().ClaimLost(lost, limit));
    std::vector<std::string> ids;
    for (const Call& call : calls.value()) ids.push_back(call.id.text());
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  std::vector<std::string> Metered() {
    if (!GetParam()) return fake_.metered;
    std::vector<std::string> keys;
    const std::string all = database_->Look(
        "SELECT coalesce(string_agg(key, ',' ORDER BY message_id), '') FROM dialer.outbox");
    if (!all.empty()) keys.push_back(all);
    return keys;
  }

  boost::asio::io_context io_{1};
  FakeFleetStore fake_fleet_;
  FakeCallStore fake_{fake_fleet_};
  int wakes_ = 0;
  absl::Time listed_since_ = absl::InfiniteFuture();
  std::unique_ptr<DialerDatabase> database_;
  std::unique_ptr<PostgresFleetStore> postgres_fleet_;
  std::unique_ptr<PostgresCallStore> postgres_;
};

TEST_P(CallStoreTest, ACallThatUsesNoAnthropicKeyHasNoScopeOfOne) {
  Call call = SampleCall();
  call.llm_scope = KeyScope();
  ASSERT_THAT(Admit(call), IsOk());

  EXPECT_EQ(Find("call_a")->llm_scope, KeyScope());
}

TEST_P(CallStoreTest, AnAdmittedCallComesBackAsItWasWritten) {
  Call call = SampleCall();
  call.llm_scope.number = kSampleNumber;
  call.rate = Rate{"r", Money{"INR", 12}, 6};
  call.mode = BillingMode::kByokNumber;
  ASSERT_THAT(Admit(call), IsOk());

  const auto found = Find("call_a");

  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->tenant, call.tenant);
  EXPECT_EQ(found->number, call.number);
  EXPECT_EQ(found->request_id, call.request_id);
  EXPECT_EQ(found->from, call.from);
  EXPECT_EQ(found->to, call.to);
  EXPECT_EQ(found->carrier, Provider::kTwilio);
  EXPECT_EQ(found->carrier_scope, call.carrier_scope);
  EXPECT_EQ(found->llm_scope, call.llm_scope);
  EXPECT_EQ(found->mode, BillingMode::kByokNumber);
  EXPECT_EQ(found->rate.per_minute, call.rate.per_minute);
  EXPECT_EQ(found->rate.increment_s, 6);
  EXPECT_EQ(found->create_time, call.create_time);
  EXPECT_EQ(found->media_instance, "m1");
  EXPECT_EQ(found->media_incarnation, "first");
  EXPECT_EQ(found->state, CallState::kQueued);
  EXPECT_FALSE(found->answer_time.has_value());
}

TEST_P(CallStoreTest, ARequestIdIsTakenOnceForEachTenant) {
  ASSERT_THAT(Admit(SampleCall("call_a")), IsOk());
  Call again = SampleCall("call_b");
  again.request_id = "request of call_a";
  EXPECT_THAT(Admit(again), StatusIs(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused));
  again.tenant = TenantId::Parse("tnt_other").value();
  EXPECT_THAT(Admit(again), IsOk());

  const std::string request_id = "request of call_a";
  EXPECT_EQ(Await(io_, store().FindByRequest(kSampleTenant, request_id))->id.text(), "call_a");
}

Call InboundCall(const std::string& id, const std::string& sid) {
  Call call = SampleCall(id);
  call.direction = Direction::kInbound;
  call.carrier_call_id = sid;
  return call;
}

TEST_P(CallStoreTest, AnInboundCallIsFoundByTheCarriersNameForIt) {
  Call outbound = SampleCall("call_o");
  outbound.carrier_call_id = "CA1";
  ASSERT_THAT(Admit(outbound), IsOk());
  ASSERT_THAT(Admit(InboundCall("call_i", "CA1")), IsOk());
  const std::string sid = "CA1";
  const std::string other = "CA2";

  const auto found = Await(io_, store().FindInbound(Provider::kTwilio, sid));

  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->id.text(), "call_i");
  EXPECT_EQ(found->direction, Direction::kInbound);
  EXPECT_EQ(found->carrier_call_id, "CA1");
  EXPECT_THAT(Await(io_, store().FindInbound(Provider::kExotel, sid)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
  EXPECT_THAT(Await(io_, store().FindInbound(Provider::kTwilio, other)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
}

TEST_P(CallStoreTest, ARefusedCallIsOnRecordOnceAndCountsForNothing) {
  Call refused = InboundCall("call_a", "CA1");
  refused.rate = Rate();
  refused.llm_scope = KeyScope();
  Outcome outcome;
  outcome.disposition = Disposition::kFailed;
  outcome.reason = reasons::kKeyMissing;
  outcome.message = "Save one.";
  outcome.end_time = kNow;
  Close(refused, outcome);
  Call again = refused;
  again.id = CallId::Parse("call_b").value();

  ASSERT_THAT(Await(io_, store().RecordRefused(refused)), IsOk());
  EXPECT_THAT(Await(io_, store().RecordRefused(again)),
              StatusIs(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused));

  const auto found = Find("call_a");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->state, CallState::kEnded);
  EXPECT_EQ(found->disposition, Disposition::kFailed);
  EXPECT_EQ(found->reason, reasons::kKeyMissing);
  EXPECT_EQ(found->message, "Save one.");
  EXPECT_EQ(found->end_time, kNow);
  EXPECT_THAT(Metered(), IsEmpty());
  EXPECT_THAT(Claim(kNow + absl::Hours(1)), IsEmpty());
  EXPECT_THAT(Admit(SampleCall("call_c"), {.tenant = 1}), IsOk());
}

TEST_P(CallStoreTest, LiveCallsCountAgainstBothCeilingsAndEndedOnesDoNot) {
  ASSERT_THAT(Admit(SampleCall("call_a")), IsOk());
  EXPECT_THAT(Admit(SampleCall("call_b"), {.tenant = 1}),
              StatusIs(absl::StatusCode::kResourceExhausted, reasons::kTenantConcurrency));
  EXPECT_THAT(Admit(SampleCall("call_b"), {.tenant = 10, .llm = 1}),
              StatusIs(absl::StatusCode::kResourceExhausted, reasons::kTenantConcurrency));
  ASSERT_THAT(End("call_a"), IsOk());
  EXPECT_THAT(Admit(SampleCall("call_b"), {.tenant = 1, .llm = 1}), IsOk());
}

TEST_P(CallStoreTest, TheLlmAccountIsCountedAcrossTenants) {
  Call of_other = SampleCall("call_a");
  of_other.tenant = TenantId::Parse("tnt_other").value();
  of_other.llm_scope.tenant = PlatformTenant();
  ASSERT_THAT(Admit(of_other), IsOk());
  Call ours = SampleCall("call_b");
  ours.llm_scope.tenant = PlatformTenant();

  EXPECT_THAT(Admit(ours, {.tenant = 10, .llm = 1}),
              StatusIs(absl::StatusCode::kResourceExhausted, reasons::kTenantConcurrency));
}

TEST_P(CallStoreTest, AWithdrawnCallLeavesNothingBehind) {
  ASSERT_THAT(Admit(SampleCall()), IsOk());
  ASSERT_THAT(Await(io_, store().Withdraw(SampleCall().id)), IsOk());

  EXPECT_THAT(Find("call_a"), StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
  EXPECT_THAT(Metered(), IsEmpty());
}

TEST_P(CallStoreTest, ACallThatIsUnderWayIsNeitherWithdrawnNorGivenToAnother) {
  ASSERT_THAT(Admit(SampleCall()), IsOk());
  ASSERT_THAT(Change("call_a", [](Call& call) { call.state = CallState::kPlacing; }), IsOk());
  const MediaInstance other = SampleInstance("m2");

  ASSERT_THAT(Await(io_, store().Withdraw(SampleCall().id)), IsOk());
  ASSERT_THAT(Await(io_, store().Assign(SampleCall().id, other)), IsOk());

  EXPECT_EQ(Find("call_a")->media_instance, "m1");
}

TEST_P(CallStoreTest, AQueuedCallCanBeGivenToAnotherInstance) {
  ASSERT_THAT(Admit(SampleCall()), IsOk());
  const MediaInstance other = SampleInstance("m2");
  ASSERT_THAT(Await(io_, store().Assign(SampleCall().id, other)), IsOk());
  EXPECT_EQ(Find("call_a")->media_instance, "m2");
}

TEST_P(CallStoreTest, WhatATransitionChangesIsKept) {
  ASSERT_THAT(Admit(SampleCall()), IsOk());
  const auto changed = Change("call_a", [](Call& call) {
    call.state = CallState::kAnswered;
    call.carrier_call_id = "CA1";
    call.carrier_sequence = 4;
    call.carrier_end = CarrierEnd{Disposition::kBusy, 3, kNow + absl::Seconds(9)};
    call.answer_time = kNow;
    call.settler = "m2";
  });

  ASSERT_THAT(changed, IsOk());
  const auto found = Find("call_a");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->state, CallState::kAnswered);
  EXPECT_EQ(found->carrier_call_id, "CA1");
  EXPECT_EQ(found->carrier_sequence, 4);
  ASSERT_TRUE(found->carrier_end.has_value());
  EXPECT_EQ(found->carrier_end->disposition, Disposition::kBusy);
  EXPECT_EQ(found->carrier_end->answered_s, 3);
  EXPECT_EQ(found->carrier_end->time, kNow + absl::Seconds(9));
  EXPECT_EQ(found->answer_time, kNow);
  EXPECT_EQ(found->settler, "m2");
}

TEST_P(CallStoreTest, ARefusedTransitionChangesNothing) {
  ASSERT_THAT(Admit(SampleCall()), IsOk());
  const Transition refuse = [](Call& call) {
    call.state = CallState::kAnswered;
    return absl::PermissionDeniedError("no");
  };
  EXPECT_THAT(Await(io_, store().Update(SampleCall().id, refuse)),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(Find("call_a")->state, CallState::kQueued);
}

TEST_P(CallStoreTest, AnEndedCallIsMeteredOnceInTheSameTransaction) {
  ASSERT_THAT(Admit(SampleCall()), IsOk());

  ASSERT_THAT(End("call_a"), IsOk());
  ASSERT_THAT(End("call_a"), IsOk());

  EXPECT_THAT(Metered(), ElementsAre("call_a"));
  if (GetParam()) EXPECT_EQ(wakes_, 1);
  const auto found = Find("call_a");
  EXPECT_EQ(found->state, CallState::kEnded);
  EXPECT_EQ(found->disposition, Disposition::kCompleted);
  EXPECT_EQ(found->answered_s, 20);
}

TEST_P(CallStoreTest, CallsAreListedNewestFirstAndGoOnAfterACursor) {
  for (int i = 0; i < 3; ++i) {
    Call call = SampleCall(std::string("call_") + static_cast<char>('a' + i));
    call.create_time = kNow + absl::Seconds(i / 2);
    ASSERT_THAT(Admit(call), IsOk());
  }

  const auto all = Await(io_, store().List(kSampleTenant, std::nullopt, 10));
  const CallCursor after{kNow, "call_b"};
  const auto rest = Await(io_, store().List(kSampleTenant, after, 10));

  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].id.text(), "call_c");
  EXPECT_EQ((*all)[1].id.text(), "call_b");
  EXPECT_EQ((*all)[2].id.text(), "call_a");
  ASSERT_EQ(rest->size(), 1u);
  EXPECT_EQ((*rest)[0].id.text(), "call_a");
}

TEST_P(CallStoreTest, CallsOfSilentRestartedAndUnknownInstancesAreLost) {
  for (const char* id : {"call_a", "call_b", "call_c", "call_d"}) {
    Call call = SampleCall(id);
    call.media_instance = std::string("m") + id[5];
    ASSERT_THAT(Admit(call), IsOk());
  }
  Beat("ma", kNow - absl::Seconds(11));
  Beat("mb", kNow, "second");
  Beat("md", kNow - absl::Seconds(9));

  EXPECT_THAT(Claim(kNow), ElementsAre("call_a", "call_b", "call_c"));
}

TEST_P(CallStoreTest, AClaimHoldsUntilItsTimeAndEndsWithTheCall) {
  ASSERT_THAT(Admit(SampleCall("call_a")), IsOk());
  ASSERT_THAT(Admit(SampleCall("call_b")), IsOk());

  EXPECT_EQ(Claim(kNow, 1).size(), 1u);
  EXPECT_EQ(Claim(kNow).size(), 1u);
  EXPECT_THAT(Claim(kNow + absl::Seconds(19)), IsEmpty());
  ASSERT_THAT(End("call_a"), IsOk());
  EXPECT_THAT(Claim(kNow + absl::Seconds(20)), ElementsAre("call_b"));
}

TEST_P(CallStoreTest, ACallThatTheCarrierMayNotListYetIsLeftForLater) {
  ASSERT_THAT(Admit(SampleCall("call_a")), IsOk());
  ASSERT_THAT(Admit(SampleCall("call_b")), IsOk());
  ASSERT_THAT(Change("call_b", [](Call& call) { call.carrier_call_id = "CA1"; }), IsOk());

  listed_since_ = kNow;
  EXPECT_THAT(Claim(kNow), ElementsAre("call_b"));
  listed_since_ = kNow + absl::Seconds(1);
  EXPECT_THAT(Claim(kNow), ElementsAre("call_a"));
}

TEST_P(CallStoreTest, CallsThatWereNeverTakenOrThatTheCarrierEndedAreLostTooAfterAWhile) {
  ASSERT_THAT(Admit(SampleCall("call_a")), IsOk());
  ASSERT_THAT(Admit(SampleCall("call_b")), IsOk());
  ASSERT_THAT(Change("call_b",
                     [](Call& call) {
                       call.state = CallState::kAnswered;
                       call.carrier_end = CarrierEnd{Disposition::kCompleted, 3, kNow};
                     }),
              IsOk());

  Beat("m1", kNow + absl::Seconds(31));
  EXPECT_THAT(Claim(kNow + absl::Seconds(31)), ElementsAre("call_b"));
  Beat("m1", kNow + absl::Seconds(61));
  EXPECT_THAT(Claim(kNow + absl::Seconds(61)), ElementsAre("call_a", "call_b"));
}

INSTANTIATE_TEST_SUITE_P(FakeAndPostgres, CallStoreTest, testing::Bool());

}  // namespace
}  // namespace latchkey::dialer
