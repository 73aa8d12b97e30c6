#include "services/keyvault/domain/lease_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/fake_audit_log.h"
#include "tests/support/keyvault/fake_key_store.h"
#include "tests/support/keyvault/fake_lease_store.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class LeaseGuardTest : public testing::Test {
 protected:
  absl::Status Deny(std::string_view reason) {
    return Await(guard_.Deny(m1_, tenant_, CallId(),
                             Error(absl::StatusCode::kPermissionDenied, reason, "No.")));
  }

  absl::Status Admit() {
    return guard_.Admit(TicketFor({SlotOf("tnt_a", Provider::kAnthropic)}, clock_.Now()), m1_);
  }

  std::vector<int64_t> Counts() {
    std::vector<int64_t> counts;
    for (const AuditRow& row : keys_.audit) counts.push_back(row.count);
    return counts;
  }

  SimulatedClock clock_;
  FakeKeyStore keys_;
  FakeLeaseStore leases_{keys_, clock_};
  FakeAuditLog log_{keys_};
  FakeFreezeStore frozen_;
  FakeLeaseAlarm alarm_;
  DenialLog denials_{log_, clock_};
  LeaseGuard guard_{denials_, frozen_, alarm_, clock_, LeaseLimitOptions(), 3};
  Presenter m1_{"m1", "spiffe://latchkey/media/m1"};
  TenantId tenant_ = *TenantId::Parse("tnt_a");
};

TEST_F(LeaseGuardTest, TheFirstDenialOfAMinuteIsARowAndTheOthersAreItsCount) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Deny("ticket_expired"),
                StatusIs(absl::StatusCode::kPermissionDenied, "ticket_expired"));
  }
  EXPECT_THAT(Counts(), ElementsAre(1));

  clock_.Advance(absl::Minutes(1));
  ASSERT_THAT(Await(denials_.WriteCounts(false)), IsOk());

  EXPECT_THAT(Counts(), ElementsAre(1, 4));
  EXPECT_EQ(keys_.audit.back().reason, "ticket_expired");
  EXPECT_THAT(alarm_.denied, ElementsAre("ticket_expired"));
}

TEST_F(LeaseGuardTest, ADenialThatCouldNotBeWrittenIsWrittenLater) {
  log_.failure = Error(absl::StatusCode::kUnavailable, "postgres_unavailable", "Gone.");
  EXPECT_EQ(Metadata(Deny("ticket_expired"))["unaudited"], "postgres_unavailable");
  ASSERT_THAT(Deny("ticket_expired"),
              StatusIs(absl::StatusCode::kPermissionDenied, "ticket_expired"));
  clock_.Advance(absl::Minutes(1));
  EXPECT_FALSE(Await(denials_.WriteCounts(false)).ok());
  EXPECT_THAT(keys_.audit, IsEmpty());

  log_.failure = absl::OkStatus();
  clock_.Advance(absl::Minutes(1));
  ASSERT_THAT(Await(denials_.WriteCounts(false)), IsOk());

  EXPECT_THAT(Counts(), ElementsAre(2));
}

TEST_F(LeaseGuardTest, CountsThatCouldNotBeWrittenAreNotLost) {
  for (int i = 0; i < 3; ++i) ASSERT_FALSE(Deny("ticket_expired").ok());
  for (int i = 0; i < 4; ++i) ASSERT_FALSE(Deny("call_ended").ok());
  log_.failure = Error(absl::StatusCode::kUnavailable, "postgres_unavailable", "Gone.");
  EXPECT_FALSE(Await(denials_.WriteCounts(true)).ok());
  log_.failure = absl::OkStatus();

  ASSERT_THAT(Await(denials_.WriteCounts(true)), IsOk());

  EXPECT_THAT(Counts(), testing::UnorderedElementsAre(1, 1, 2, 3));
}

TEST_F(LeaseGuardTest, OnlyForgedOrForeignTicketsFreeze) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_FALSE(Deny("ticket_expired").ok());
    ASSERT_FALSE(Deny("ticket_replayed").ok());
    ASSERT_FALSE(Deny("lease_limit").ok());
  }
  EXPECT_THAT(Admit(), IsOk());

  for (const char* reason : {"ticket_forged", "ticket_foreign", "ticket_forged"}) {
    ASSERT_FALSE(Deny(reason).ok());
  }

  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, "caller_frozen"));
  EXPECT_THAT(alarm_.frozen, ElementsAre(m1_.spiffe_id));
  EXPECT_THAT(frozen_.frozen, SizeIs(1));
}

TEST_F(LeaseGuardTest, WhoIsUnfrozenBeginsAnew) {
  for (int i = 0; i < 3; ++i) ASSERT_FALSE(Deny("ticket_forged").ok());
  ASSERT_FALSE(Admit().ok());

  ASSERT_THAT(Await(guard_.Unfreeze(m1_.spiffe_id, Actor("spiffe://latchkey/ops"))), IsOk());

  ASSERT_FALSE(Deny("ticket_expired").ok());
  ASSERT_FALSE(Deny("ticket_forged").ok());
  EXPECT_THAT(Admit(), IsOk());
  EXPECT_THAT(alarm_.frozen, SizeIs(1));
}

TEST_F(LeaseGuardTest, WhatOtherReplicasFreezeAndUnfreezeHoldsHereToo) {
  frozen_.frozen.insert(m1_.spiffe_id);
  ASSERT_THAT(Await(guard_.Refresh(leases_)), IsOk());
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, "caller_frozen"));

  frozen_.frozen.clear();
  ASSERT_THAT(Await(guard_.Refresh(leases_)), IsOk());
  EXPECT_THAT(Admit(), IsOk());
}

}  // namespace
}  // namespace latchkey::keyvault
