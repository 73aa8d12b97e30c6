// What every RootKeyStore does.
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

// A ring of "old" and "new".
secret::KeyRing RingOf(const std::string& old_key, const std::string& new_key,
                       const std::string& current) {
  const std::string text = "current " + current + "\nold " + old_key + "\nnew " + new_key + "\n";
  return *secret::KeyRing::Parse(text, "test");
}

class RootKeyStoreContract : public testing::TestWithParam<std::string_view> {
 protected:
  std::string Add(std::string_view tenant, const secret::Envelope& envelope) {
    const TenantId id = *TenantId::Parse(tenant);
    return *Await(stores_->io, stores_->keys().EnsureTenantKey(id, envelope.MakeTenantKey(tenant)));
  }
  void SaveKey(std::string_view tenant, std::string_view key_id) {
    const KeySlot slot = SlotOf(tenant, Provider::kAnthropic);
    const NewVersion row =
        SealVersion(old_, Add(tenant, old_), InfoOf(slot, key_id, 1), "secret", key_id);
    ASSERT_THAT(Await(stores_->io, stores_->keys().Save(row, ops_)), IsOk());
  }
  absl::StatusOr<bool> Rewrap(const WrappedKey& key) {
    const std::string fresh = *new_.Rewrap(key.tenant.text(), key.blob);
    return Await(stores_->io, stores_->root_keys().Replace(key, fresh, ops_));
  }
  std::vector<WrappedKey> Foreign(const std::string& after = "", int limit = 100) {
    return *Await(stores_->io, stores_->root_keys().ListForeign("new", after, limit));
  }
  absl::StatusOr<int64_t> Retire(const std::string& id) {
    return Await(stores_->io, stores_->root_keys().Retire(id, ops_));
  }
  absl::StatusOr<Shredded> Shred(std::string_view tenant) {
    const TenantId id = *TenantId::Parse(tenant);
    return Await(stores_->io, stores_->root_keys().Shred(id, ops_));
  }
  int CountAudit(AuditAction action) { return stores_->CountAudit(action, AuditOutcome::kDone); }

  std::unique_ptr<StoresUnderTest> stores_ = MakeStores(GetParam());
  SeededRandom random_;
  Actor ops_{"spiffe://latchkey/ops"};
  const std::string old_key_ = secret::GenerateRootKey(), new_key_ = secret::GenerateRootKey();
  secret::KeyRing old_ring_ = RingOf(old_key_, new_key_, "old");
  secret::KeyRing new_ring_ = RingOf(old_key_, new_key_, "new");
  secret::Envelope old_{old_ring_};
  secret::Envelope new_{new_ring_};
};

TEST_P(RootKeyStoreContract, CountsAndListsWhatAnotherRootKeyWraps) {
  Add("tnt_a", old_);
  Add("tnt_b", old_);
  Add("tnt_c", new_);

  const auto counts = Await(stores_->io, stores_->root_keys().CountByRootKey());

  ASSERT_THAT(counts, IsOkAndHolds(SizeIs(2)));
  EXPECT_EQ(counts->at(0).root_key_id, "new");
  EXPECT_EQ(counts->at(0).rows, 1);
  EXPECT_EQ(counts->at(1).rows, 2);
  ASSERT_THAT(Foreign(), SizeIs(2));
  EXPECT_EQ(Foreign("", 1).at(0).tenant.text(), "tnt_a");
  EXPECT_EQ(Foreign("tnt_a").at(0).tenant.text(), "tnt_b");
}

TEST_P(RootKeyStoreContract, ReplacesOnlyWhatIsStillThere) {
  Add("tnt_a", old_);
  const WrappedKey before = Foreign().at(0);

  EXPECT_THAT(Rewrap(before), IsOkAndHolds(true));
  EXPECT_THAT(Rewrap(before), IsOkAndHolds(false));

  EXPECT_THAT(Foreign(), IsEmpty());
  EXPECT_EQ(CountAudit(AuditAction::kRewrap), 1);
  const TenantId tenant = *TenantId::Parse("tnt_a");
  const auto now = Await(stores_->io, stores_->keys().EnsureTenantKey(tenant, "unused"));
  EXPECT_THAT(new_.CheckTenantKey("tnt_a", *now), IsOk());
}

TEST_P(RootKeyStoreContract, AKeyThatRowsNeedIsNotRetired) {
  Add("tnt_a", old_);
  Add("tnt_b", old_);

  EXPECT_THAT(Retire("old"), IsOkAndHolds(2));
  EXPECT_THAT(Await(stores_->io, stores_->root_keys().IsRetired("old")), IsOkAndHolds(false));
  EXPECT_EQ(CountAudit(AuditAction::kRetire), 0);
}

TEST_P(RootKeyStoreContract, NothingIsWrappedByARetiredKey) {
  EXPECT_THAT(Retire("old"), IsOkAndHolds(0));
  EXPECT_THAT(Retire("old"), IsOkAndHolds(0));

  EXPECT_THAT(Await(stores_->io, stores_->root_keys().IsRetired("old")), IsOkAndHolds(true));
  EXPECT_EQ(CountAudit(AuditAction::kRetire), 1);
  const TenantId tenant = *TenantId::Parse("tnt_a");
  EXPECT_THAT(
      Await(stores_->io, stores_->keys().EnsureTenantKey(tenant, old_.MakeTenantKey("tnt_a"))),
      StatusIs(absl::StatusCode::kFailedPrecondition, "root_key_retired"));
  Add("tnt_b", new_);
  const WrappedKey key(*TenantId::Parse("tnt_b"), Add("tnt_b", new_));
  const std::string back = *old_.Rewrap("tnt_b", key.blob);
  EXPECT_THAT(Await(stores_->io, stores_->root_keys().Replace(key, back, ops_)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "root_key_retired"));
}

TEST_P(RootKeyStoreContract, ShreddingLeavesNothingThatOpens) {
  SaveKey("tnt_a", "key_1");
  SaveKey("tnt_b", "key_2");
  const KeySlot slot = SlotOf("tnt_a", Provider::kAnthropic);
  const StoredKey before = *Await(stores_->io, stores_->keys().Find(slot));
  const LeaseApplication application(TicketFor({slot}, stores_->Now()),
                                     "spiffe://latchkey/media/m1", std::string(32, 'p'),
                                     {LeaseId::Make(random_)}, absl::Seconds(180));
  ASSERT_THAT(Await(stores_->io, stores_->leases().Grant(application)), IsOk());

  const absl::StatusOr<Shredded> shredded = Shred("tnt_a");

  ASSERT_THAT(shredded, IsOk());
  EXPECT_EQ(shredded->keys, 1);
  EXPECT_EQ(shredded->revoked_leases, 1);
  EXPECT_THAT(*Await(stores_->io, stores_->keys().List(slot.tenant, std::nullopt, 10)), IsEmpty());
  // What was copied before opens under no key that the tenant is given from now on.
  EXPECT_FALSE(old_.Open(Add("tnt_a", old_), AddressOf(before.info), before.sealed).ok());
  EXPECT_THAT(Await(stores_->io, stores_->keys().Find(SlotOf("tnt_b", Provider::kAnthropic))),
              IsOk());
  EXPECT_EQ(CountAudit(AuditAction::kShred), 1);
  EXPECT_THAT(Shred("tnt_none"), StatusIs(absl::StatusCode::kNotFound, "tenant_not_found"));
}

INSTANTIATE_TEST_SUITE_P(Every, RootKeyStoreContract, testing::Values("fake", "postgres"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace latchkey::keyvault
