// What every RevocationStore does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/keyvault/stores_under_test.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kTtl = absl::Seconds(180);

class RevocationStoreContract : public testing::TestWithParam<std::string_view> {
 protected:
  RevocationStoreContract() {
    SaveVersion(anthropic_, "key_1", 1);
    SaveVersion(twilio_, "key_2", 1);
    SaveVersion(other_tenant_, "key_3", 1);
  }

  void SaveVersion(const KeySlot& slot, std::string_view key_id, int version) {
    const std::string fresh = envelope_.MakeTenantKey(slot.tenant.text());
    const std::string tenant_key =
        *Await(stores_->io, stores_->keys().EnsureTenantKey(slot.tenant, fresh));
    const std::string request = std::string(key_id) + std::to_string(version);
    const NewVersion row =
        SealVersion(envelope_, tenant_key, InfoOf(slot, key_id, version), request, request);
    ASSERT_THAT(Await(stores_->io, stores_->keys().Save(row, ops_)), IsOk());
  }

  LeaseId Grant(const KeySlot& slot, std::string_view call, char nonce,
                const std::string& caller = kM1) {
    const Ticket ticket = TicketFor({slot}, stores_->Now(), call, nonce);
    const LeaseId id = LeaseId::Make(random_);
    const LeaseApplication application(ticket, caller, std::string(32, 'p'), {id}, kTtl);
    EXPECT_THAT(Await(stores_->io, stores_->leases().Grant(application)), IsOk());
    return id;
  }

  absl::StatusOr<int> Revoke(const RevocationTarget& target) {
    return Await(stores_->io,
                 stores_->revocations().Revoke(target, RevocationReason::kRevokedByOps, ops_));
  }
  std::vector<LeaseId> Told(const std::string& caller, int64_t cursor = 0, int limit = 500) {
    std::vector<LeaseId> leases;
    const auto told = Await(stores_->io, stores_->revocations().List(caller, cursor, limit));
    EXPECT_THAT(told, IsOk());
    for (const Revocation& revocation : *told) leases.push_back(revocation.lease);
    return leases;
  }
  bool Renewed(const LeaseId& id, const std::string& caller = kM1) {
    return Await(stores_->io, stores_->leases().Renew(caller, {id}, kTtl))->size() == 1;
  }
  std::optional<HeldVersion> Held(const LeaseId& id, const std::string& caller = kM1) {
    return *Await(stores_->io, stores_->revocations().FindHeld(caller, id));
  }
  bool Switch(const HeldVersion& held, int to) {
    const VersionChoice choice{to, false, false};
    return *Await(stores_->io, stores_->revocations().Switch(held, choice));
  }
  int CountRevoked() { return stores_->CountAudit(AuditAction::kRevoke, AuditOutcome::kDone); }

  static inline const std::string kM1 = "spiffe://latchkey/media/m1";
  static inline const std::string kM2 = "spiffe://latchkey/media/m2";

  std::unique_ptr<StoresUnderTest> stores_ = MakeStores(GetParam());
  SeededRandom random_;
  Actor ops_{"spiffe://latchkey/ops"};
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  KeySlot anthropic_ = SlotOf("tnt_a", Provider::kAnthropic);
  KeySlot twilio_ = SlotOf("tnt_a", Provider::kTwilio);
  KeySlot other_tenant_ = SlotOf("tnt_b", Provider::kAnthropic);
};

TEST_P(RevocationStoreContract, EndsTheLiveLeasesOfATenantAndTellsEachHolderItsOwn) {
  const LeaseId first = Grant(anthropic_, "call_1", 'a');
  const LeaseId second = Grant(twilio_, "call_2", 'b', kM2);
  const LeaseId other = Grant(other_tenant_, "call_3", 'c');

  EXPECT_THAT(Revoke(*TenantId::Parse("tnt_a")), IsOkAndHolds(2));

  EXPECT_FALSE(Renewed(first));
  EXPECT_FALSE(Renewed(second, kM2));
  EXPECT_TRUE(Renewed(other));
  EXPECT_THAT(Told(kM1), ElementsAre(first));
  EXPECT_THAT(Told(kM2), ElementsAre(second));
  EXPECT_EQ(CountRevoked(), 2);
  EXPECT_THAT(Revoke(*TenantId::Parse("tnt_a")), IsOkAndHolds(0));
}

TEST_P(RevocationStoreContract, EndsTheLeasesOfACallerOrOfAll) {
  Grant(anthropic_, "call_1", 'a');
  Grant(other_tenant_, "call_2", 'b');
  Grant(anthropic_, "call_3", 'c', kM2);

  EXPECT_THAT(Revoke(OfCaller(kM1)), IsOkAndHolds(2));
  EXPECT_THAT(Revoke(OfEverybody()), IsOkAndHolds(1));
}

TEST_P(RevocationStoreContract, ManyLeasesAreRevokedInPartsAndToldInPages) {
  constexpr int kMany = 130;
  for (int i = 0; i < kMany; ++i) Grant(anthropic_, "call_1", static_cast<char>(i));

  EXPECT_THAT(Revoke(OfEverybody()), IsOkAndHolds(kMany));

  const auto page = Await(stores_->io, stores_->revocations().List(kM1, 0, 100));
  ASSERT_THAT(page, IsOkAndHolds(SizeIs(100)));
  EXPECT_THAT(Told(kM1, page->back().number), SizeIs(30));
  EXPECT_EQ(page->front().call, *CallId::Parse("call_1"));
  EXPECT_EQ(page->front().reason, RevocationReason::kRevokedByOps);
  EXPECT_EQ(*Await(stores_->io, stores_->revocations().Head()), page->front().number + kMany - 1);
}

TEST_P(RevocationStoreContract, DeletingAKeyEndsItsLeasesWhenItIsToldTo) {
  const LeaseId finishing = Grant(anthropic_, "call_1", 'a');
  const LeaseId ending = Grant(twilio_, "call_1", 'b');

  const auto finish =
      Await(stores_->io, stores_->keys().Delete(anthropic_, LiveCalls::kFinish, ops_));
  const auto end = Await(stores_->io, stores_->keys().Delete(twilio_, LiveCalls::kEnd, ops_));

  EXPECT_THAT(finish, IsOkAndHolds(0));
  EXPECT_THAT(end, IsOkAndHolds(1));
  EXPECT_TRUE(Renewed(finishing));
  EXPECT_FALSE(Renewed(ending));
  EXPECT_THAT(Told(kM1), ElementsAre(ending));
  // The tenant's leases are found although their key is gone.
  EXPECT_THAT(Revoke(*TenantId::Parse("tnt_a")), IsOkAndHolds(1));
}

TEST_P(RevocationStoreContract, RevocationsAreForgottenAfterAnHour) {
  Grant(anthropic_, "call_1", 'a');
  ASSERT_THAT(Revoke(OfEverybody()), IsOkAndHolds(1));

  stores_->LetPass(absl::Minutes(59));
  ASSERT_THAT(Await(stores_->io, stores_->revocations().SweepRevocations()), IsOk());
  EXPECT_THAT(Told(kM1), SizeIs(1));
  stores_->LetPass(absl::Minutes(2));
  ASSERT_THAT(Await(stores_->io, stores_->revocations().SweepRevocations()), IsOk());
  EXPECT_THAT(Told(kM1), IsEmpty());
}

TEST_P(RevocationStoreContract, TellsWhichVersionsALeasesKeyHas) {
  const LeaseId lease = Grant(anthropic_, "call_1", 'a');
  SaveVersion(anthropic_, "key_1", 2);

  const std::optional<HeldVersion> held = Held(lease);

  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->version, 1);
  EXPECT_EQ(held->current, 2);
  EXPECT_EQ(held->older, 1);
  EXPECT_FALSE(held->switched_from.has_value());
  EXPECT_FALSE(Held(lease, kM2).has_value());
}

TEST_P(RevocationStoreContract, ALeaseIsSwitchedOnce) {
  const LeaseId lease = Grant(anthropic_, "call_1", 'a');
  SaveVersion(anthropic_, "key_1", 2);
  const HeldVersion held = *Held(lease);

  EXPECT_TRUE(Switch(held, 2));

  const HeldVersion after = *Held(lease);
  EXPECT_EQ(after.version, 2);
  EXPECT_EQ(after.switched_from, 1);
  EXPECT_FALSE(Switch(held, 2));
  EXPECT_FALSE(Switch(after, 1));
  const absl::StatusOr<Lease> now = Await(stores_->io, stores_->revocations().GetLease(kM1, lease));
  ASSERT_THAT(now, IsOk());
  EXPECT_EQ(now->key.info.version, 2);
  EXPECT_THAT(envelope_.Open(now->key.tenant_key, AddressOf(now->key.info), now->key.sealed),
              IsOk());
  EXPECT_EQ(stores_->CountAudit(AuditAction::kSwitch, AuditOutcome::kDone), 1);
}

TEST_P(RevocationStoreContract, AnEndedLeaseIsNotFound) {
  const LeaseId lease = Grant(anthropic_, "call_1", 'a');
  ASSERT_THAT(Revoke(OfEverybody()), IsOkAndHolds(1));

  EXPECT_FALSE(Held(lease).has_value());
  EXPECT_THAT(Await(stores_->io, stores_->revocations().GetLease(kM1, lease)),
              StatusIs(absl::StatusCode::kNotFound, "lease_not_found"));
}

INSTANTIATE_TEST_SUITE_P(Every, RevocationStoreContract, testing::Values("fake", "postgres"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace latchkey::keyvault
