// What every LeaseStore does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/keyvault/stores_under_test.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kTtl = absl::Seconds(180);

class LeaseStoreContract : public testing::TestWithParam<std::string_view> {
 protected:
  LeaseStoreContract() {
    SaveVersion(anthropic_, "key_1", 1);
    SaveVersion(twilio_, "key_2", 1);
  }

  void SaveVersion(const KeySlot& slot, std::string_view key_id, int version) {
    const std::string tenant_key =
        *Await(stores_->io,
               stores_->keys().EnsureTenantKey(slot.tenant, envelope_.MakeTenantKey("tnt_a")));
    const std::string request = std::string(key_id) + std::to_string(version);
    const NewVersion row =
        SealVersion(envelope_, tenant_key, InfoOf(slot, key_id, version), request, request);
    ASSERT_THAT(Await(stores_->io, stores_->keys().Save(row, Actor("spiffe://latchkey/ops"))),
                IsOk());
  }

  LeaseApplication Apply(std::vector<KeySlot> grants, std::string_view call = "call_1",
                         char nonce = 'n') {
    const Ticket ticket = TicketFor(std::move(grants), stores_->Now(), call, nonce);
    std::vector<LeaseId> ids;
    for (size_t i = 0; i < ticket.grants.size(); ++i) ids.push_back(LeaseId::Make(random_));
    return LeaseApplication(ticket, kM1, std::string(32, 'p'), ids, kTtl);
  }

  absl::StatusOr<TicketLeases> Grant(const LeaseApplication& application) {
    return Await(stores_->io, stores_->leases().Grant(application));
  }

  absl::StatusOr<std::vector<Renewal>> Renew(const LeaseId& id, const std::string& caller = kM1) {
    return Await(stores_->io, stores_->leases().Renew(caller, {id}, kTtl));
  }

  absl::StatusOr<int> Release(std::string_view call, const std::string& caller = kM1) {
    const CallId id = *CallId::Parse(call);
    return Await(stores_->io, stores_->leases().Release(caller, id));
  }

  int CountAudit(AuditAction action) { return stores_->CountAudit(action, AuditOutcome::kDone); }

  void Sweep() { ASSERT_THAT(Await(stores_->io, stores_->leases().Sweep()), IsOk()); }

  static inline const std::string kM1 = "spiffe://latchkey/media/m1";
  static inline const std::string kM2 = "spiffe://latchkey/media/m2";

  std::unique_ptr<StoresUnderTest> stores_ = MakeStores(GetParam());
  SeededRandom random_;
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  KeySlot anthropic_ = SlotOf("tnt_a", Provider::kAnthropic);
  KeySlot twilio_ = SlotOf("tnt_a", Provider::kTwilio);
};

TEST_P(LeaseStoreContract, GrantsEveryKeyOfATicketInItsOrder) {
  const LeaseApplication application = Apply({twilio_, anthropic_});

  const absl::StatusOr<TicketLeases> granted = Grant(application);

  ASSERT_THAT(granted, IsOk());
  EXPECT_TRUE(granted->granted_now);
  ASSERT_THAT(granted->leases, SizeIs(2));
  for (size_t i = 0; i < 2; ++i) {
    const Lease& lease = granted->leases[i];
    EXPECT_EQ(lease.id, application.lease_ids[i]);
    EXPECT_EQ(lease.key.info.slot, application.ticket.grants[i]);
    EXPECT_EQ(lease.call, application.ticket.call);
    EXPECT_EQ(lease.caller, kM1);
    EXPECT_EQ(lease.public_key, application.public_key);
    EXPECT_TRUE(lease.live);
    EXPECT_THAT(envelope_.Open(lease.key.tenant_key, AddressOf(lease.key.info), lease.key.sealed),
                IsOk());
  }
  EXPECT_EQ(CountAudit(AuditAction::kLease), 2);
}

TEST_P(LeaseStoreContract, ALeaseEndsAfterItsTimeInWholeSeconds) {
  const absl::Time before = stores_->Now();
  const Lease lease = Grant(Apply({anthropic_}))->leases.at(0);

  EXPECT_GE(lease.expire_time, before + kTtl);
  EXPECT_LE(lease.expire_time, before + kTtl + absl::Seconds(10));
  EXPECT_EQ(lease.expire_time, absl::FromUnixSeconds(absl::ToUnixSeconds(lease.expire_time)));
}

TEST_P(LeaseStoreContract, ATicketGrantsOnceAndThenTellsWhatItGranted) {
  const LeaseApplication first = Apply({anthropic_, twilio_});
  LeaseApplication second = Apply({anthropic_, twilio_});
  second.public_key = std::string(32, 'q');
  ASSERT_THAT(Grant(first), IsOk());

  const absl::StatusOr<TicketLeases> again = Grant(second);

  ASSERT_THAT(again, IsOk());
  EXPECT_FALSE(again->granted_now);
  ASSERT_THAT(again->leases, SizeIs(2));
  EXPECT_EQ(again->leases[0].id, first.lease_ids[0]);
  EXPECT_EQ(again->leases[0].public_key, first.public_key);
  EXPECT_EQ(CountAudit(AuditAction::kLease), 2);
}

TEST_P(LeaseStoreContract, GrantsNothingWhenOneKeyIsMissing) {
  const absl::StatusOr<TicketLeases> granted =
      Grant(Apply({anthropic_, SlotOf("tnt_a", Provider::kDeepgram)}));

  EXPECT_THAT(granted, StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  EXPECT_EQ(Metadata(granted.status())["provider"], "deepgram");
  EXPECT_EQ(CountAudit(AuditAction::kLease), 0);
  EXPECT_THAT(Release("call_1"), IsOkAndHolds(0));
}

TEST_P(LeaseStoreContract, ATicketWhoseKeyWasDeletedGivesNothingAgain) {
  const LeaseApplication application = Apply({anthropic_});
  ASSERT_THAT(Grant(application), IsOk());
  ASSERT_THAT(Await(stores_->io, stores_->keys().Delete(anthropic_, LiveCalls::kFinish,
                                                        Actor("spiffe://latchkey/ops"))),
              IsOk());

  EXPECT_THAT(Grant(application), StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
}

TEST_P(LeaseStoreContract, RenewsLiveLeasesOfTheCallerOnly) {
  const Lease lease = Grant(Apply({anthropic_}))->leases.at(0);
  stores_->LetPass(absl::Seconds(60));

  const absl::StatusOr<std::vector<Renewal>> renewed = Renew(lease.id);

  ASSERT_THAT(renewed, IsOkAndHolds(SizeIs(1)));
  EXPECT_GE(renewed->at(0).expire_time, stores_->Now() + kTtl - absl::Seconds(10));
  EXPECT_THAT(Renew(lease.id, kM2), IsOkAndHolds(IsEmpty()));
  stores_->LetPass(kTtl + absl::Seconds(1));
  EXPECT_THAT(Renew(lease.id), IsOkAndHolds(IsEmpty()));
}

TEST_P(LeaseStoreContract, NoRenewalGoesBeyondTheTicketsLastWord) {
  LeaseApplication application = Apply({anthropic_});
  application.ticket.lease_until = stores_->Now() + absl::Seconds(60);

  const Lease lease = Grant(application)->leases.at(0);
  const absl::StatusOr<std::vector<Renewal>> renewed = Renew(lease.id);

  EXPECT_EQ(lease.expire_time, application.ticket.lease_until);
  ASSERT_THAT(renewed, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ(renewed->at(0).expire_time, application.ticket.lease_until);
}

TEST_P(LeaseStoreContract, ReleasesACallsLeasesOnce) {
  const Lease lease = Grant(Apply({anthropic_, twilio_}))->leases.at(0);
  ASSERT_THAT(Grant(Apply({anthropic_}, "call_2", 'x')), IsOk());

  EXPECT_THAT(Release("call_1", kM2), IsOkAndHolds(0));
  EXPECT_THAT(Release("call_1"), IsOkAndHolds(2));

  EXPECT_THAT(Release("call_1"), IsOkAndHolds(0));
  EXPECT_THAT(Renew(lease.id), IsOkAndHolds(IsEmpty()));
  EXPECT_FALSE(Grant(Apply({anthropic_, twilio_}))->leases.at(0).live);
  EXPECT_EQ(CountAudit(AuditAction::kRelease), 2);
  EXPECT_THAT(Release("call_2"), IsOkAndHolds(1));
}

TEST_P(LeaseStoreContract, ASupersededVersionStaysWithItsLeaseAndGoesWithIt) {
  const LeaseApplication application = Apply({anthropic_});
  ASSERT_THAT(Grant(application), IsOk());
  SaveVersion(anthropic_, "key_1", 2);
  stores_->LetPass(absl::Minutes(2));
  Sweep();

  const absl::StatusOr<TicketLeases> held = Grant(application);
  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(held->leases.at(0).key.info.version, 1);
  EXPECT_EQ(Grant(Apply({anthropic_}, "call_2", 'x'))->leases.at(0).key.info.version, 2);

  stores_->LetPass(absl::Minutes(2));  // The lease of version 1 has ended, not its ticket's row.
  Sweep();
  EXPECT_THAT(Grant(application), StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
}

TEST_P(LeaseStoreContract, ASupersededVersionGoesSeventyMinutesAfterTheSwapAlthoughALeaseHoldsIt) {
  LeaseApplication application = Apply({anthropic_});
  application.ttl = absl::Hours(3);
  application.ticket.lease_until = stores_->Now() + absl::Hours(3);
  ASSERT_THAT(Grant(application), IsOk());
  SaveVersion(anthropic_, "key_1", 2);
  stores_->LetPass(absl::Minutes(69));
  Sweep();
  EXPECT_THAT(Grant(application), IsOk());

  stores_->LetPass(absl::Minutes(2));
  Sweep();

  EXPECT_THAT(Grant(application), StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
}

TEST_P(LeaseStoreContract, AnEndedLeaseIsRememberedUntilItsTicketCannotBeReplayed) {
  const LeaseApplication application = Apply({anthropic_});
  ASSERT_THAT(Grant(application), IsOk());
  stores_->LetPass(absl::Minutes(4));
  Sweep();
  EXPECT_FALSE(Grant(application)->granted_now);

  stores_->LetPass(absl::Minutes(6));
  Sweep();
  EXPECT_TRUE(Grant(Apply({anthropic_}))->granted_now);
}

TEST_P(LeaseStoreContract, ACallOfOthersIsForeignToThoseWhoHoldNothingOfIt) {
  const Lease lease = Grant(Apply({anthropic_, twilio_}))->leases.at(0);
  const auto foreign = [this](const std::string& caller, std::string_view call) {
    const CallId id = *CallId::Parse(call);
    return *Await(stores_->io, stores_->leases().FindForeignOfCall(caller, id));
  };

  ASSERT_THAT(foreign(kM2, "call_1"), SizeIs(1));
  EXPECT_EQ(foreign(kM2, "call_1").at(0).tenant.text(), "tnt_a");
  EXPECT_EQ(foreign(kM2, "call_1").at(0).call, lease.call);
  EXPECT_THAT(foreign(kM1, "call_1"), IsEmpty());
  EXPECT_THAT(foreign(kM2, "call_2"), IsEmpty());
  ASSERT_THAT(Release("call_1"), IsOkAndHolds(2));
  EXPECT_THAT(foreign(kM1, "call_1"), IsEmpty());
  EXPECT_THAT(foreign(kM2, "call_1"), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Every, LeaseStoreContract, testing::Values("fake", "postgres"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace latchkey::keyvault
