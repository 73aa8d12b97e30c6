// What every KeyStore does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/keyvault/stores_under_test.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class KeyStoreContract : public testing::TestWithParam<std::string_view> {
 protected:
  std::string EnsureTenantKey(std::string_view tenant) {
    const TenantId id = *TenantId::Parse(tenant);
    return *Await(stores_->io,
                  stores_->keys().EnsureTenantKey(id, envelope_.MakeTenantKey(tenant)));
  }

  absl::Status Save(const KeyInfo& info, std::string_view api_key, std::string_view request_id) {
    const std::string tenant_key = EnsureTenantKey(info.slot.tenant.text());
    const NewVersion version = SealVersion(envelope_, tenant_key, info, api_key, request_id);
    return Await(stores_->io, stores_->keys().Save(version, actor_));
  }

  absl::StatusOr<StoredKey> Find(const KeySlot& slot) {
    return Await(stores_->io, stores_->keys().Find(slot));
  }

  absl::Status Delete(const KeySlot& slot) {
    return Await(stores_->io, stores_->keys().Delete(slot, LiveCalls::kFinish, actor_)).status();
  }

  bool Opens(const StoredKey& key, std::string_view api_key) {
    const absl::StatusOr<secret::KeyFields> fields =
        envelope_.Open(key.tenant_key, AddressOf(key.info), key.sealed);
    return fields.ok() && Secret::EqualInConstantTime(*fields->Find("api_key"), Secret(api_key));
  }

  std::unique_ptr<StoresUnderTest> stores_ = MakeStores(GetParam());
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  KeySlot slot_ = SlotOf("tnt_a", Provider::kAnthropic);
  Actor actor_{"spiffe://latchkey/gateway"};
};

TEST_P(KeyStoreContract, FindsWhatWasSavedAndItOpens) {
  KeyInfo info = InfoOf(slot_, "key_1", 1);
  info.facts = {25, true, "AC00", "+14155550100"};
  info.model = "gpt-realtime-mini";
  ASSERT_THAT(Save(info, "sk-ant-one", "r1"), IsOk());

  const absl::StatusOr<StoredKey> found = Find(slot_);

  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->info.id.text(), "key_1");
  EXPECT_EQ(found->info.slot, slot_);
  EXPECT_EQ(found->info.version, 1);
  EXPECT_EQ(found->info.status, KeyStatus::kValid);
  EXPECT_EQ(found->info.preview, info.preview);
  EXPECT_EQ(found->info.validate_time, info.validate_time);
  EXPECT_EQ(found->info.create_time, info.create_time);
  EXPECT_EQ(found->info.facts, info.facts);
  EXPECT_EQ(found->info.model, info.model);
  EXPECT_EQ(found->sealed.fingerprint.size(), 64u);
  EXPECT_TRUE(Opens(*found, "sk-ant-one"));
  EXPECT_EQ(stores_->CountAudit(AuditAction::kSave, AuditOutcome::kDone), 1);
}

TEST_P(KeyStoreContract, ASlotWithoutAKeyIsNotFound) {
  const absl::StatusOr<StoredKey> found = Find(slot_);

  EXPECT_THAT(found, StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  EXPECT_EQ(Metadata(found.status())["provider"], "anthropic");
}

TEST_P(KeyStoreContract, SlotsOfATenantAndOfItsNumbersAreApart) {
  const KeySlot number = SlotOf("tnt_a", Provider::kAnthropic, "num_1");
  ASSERT_THAT(Save(InfoOf(slot_, "key_1", 1), "sk-ant-tenant", "r1"), IsOk());
  ASSERT_THAT(Save(InfoOf(number, "key_2", 1), "sk-ant-number", "r2"), IsOk());

  EXPECT_TRUE(Opens(*Find(slot_), "sk-ant-tenant"));
  EXPECT_TRUE(Opens(*Find(number), "sk-ant-number"));
}

TEST_P(KeyStoreContract, TheNextVersionReplacesTheOneBefore) {
  ASSERT_THAT(Save(InfoOf(slot_, "key_1", 1), "sk-ant-one", "r1"), IsOk());

  ASSERT_THAT(Save(InfoOf(slot_, "key_1", 2), "sk-ant-two", "r2"), IsOk());

  const absl::StatusOr<StoredKey> found = Find(slot_);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->info.version, 2);
  EXPECT_TRUE(Opens(*found, "sk-ant-two"));
}

TEST_P(KeyStoreContract, ASaveThatWasOvertakenDoesNothing) {
  ASSERT_THAT(Save(InfoOf(slot_, "key_1", 1), "sk-ant-one", "r1"), IsOk());
  const auto lost = StatusIs(absl::StatusCode::kAborted, "save_lost_race");

  EXPECT_THAT(Save(InfoOf(slot_, "key_2", 1), "sk-ant-rival", "r2"), lost);
  EXPECT_THAT(Save(InfoOf(slot_, "key_1", 3), "sk-ant-ahead", "r3"), lost);
  EXPECT_THAT(Save(InfoOf(slot_, "key_1", 2), "sk-ant-again", "r1"), lost);

  EXPECT_TRUE(Opens(*Find(slot_), "sk-ant-one"));
  EXPECT_EQ(stores_->CountAudit(AuditAction::kSave, AuditOutcome::kDone), 1);
  // The request that lost was not kept, so it can be tried again.
  EXPECT_THAT(Save(InfoOf(slot_, "key_1", 2), "sk-ant-two", "r2"), IsOk());
}

TEST_P(KeyStoreContract, ARequestIsKnownOnceItWasSaved) {
  ASSERT_THAT(Save(InfoOf(slot_, "key_1", 1), "sk-ant-one", "r1"), IsOk());
  KeyStore& keys = stores_->keys();

  const absl::StatusOr<std::optional<SavedRequest>> known =
      Await(stores_->io, keys.FindRequest(slot_.tenant, "r1"));
  const absl::StatusOr<std::optional<SavedRequest>> unknown =
      Await(stores_->io, keys.FindRequest(slot_.tenant, "r2"));
  const absl::StatusOr<std::optional<SavedRequest>> others =
      Await(stores_->io, keys.FindRequest(*TenantId::Parse("tnt_b"), "r1"));

  ASSERT_THAT(known, IsOk());
  ASSERT_TRUE(known->has_value());
  EXPECT_EQ((*known)->slot, slot_);
  EXPECT_FALSE((*unknown).has_value());
  EXPECT_FALSE((*others).has_value());
}

TEST_P(KeyStoreContract, ADeletedKeyIsGoneWithAllItsVersions) {
  ASSERT_THAT(Save(InfoOf(slot_, "key_1", 1), "sk-ant-one", "r1"), IsOk());
  ASSERT_THAT(Save(InfoOf(slot_, "key_1", 2), "sk-ant-two", "r2"), IsOk());

  EXPECT_THAT(Delete(slot_), IsOk());

  EXPECT_THAT(Find(slot_), StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  EXPECT_THAT(Delete(slot_), StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  EXPECT_EQ(stores_->CountAudit(AuditAction::kDelete, AuditOutcome::kDone), 1);
  EXPECT_THAT(Save(InfoOf(slot_, "key_3", 1), "sk-ant-new", "r3"), IsOk());
}

TEST_P(KeyStoreContract, ListsATenantsKeysByProviderThenNumber) {
  const KeySlot twilio = SlotOf("tnt_a", Provider::kTwilio);
  const KeySlot number = SlotOf("tnt_a", Provider::kAnthropic, "num_1");
  ASSERT_THAT(Save(InfoOf(twilio, "key_1", 1), "t", "r1"), IsOk());
  ASSERT_THAT(Save(InfoOf(number, "key_2", 1), "n", "r2"), IsOk());
  ASSERT_THAT(Save(InfoOf(slot_, "key_3", 1), "a", "r3"), IsOk());
  ASSERT_THAT(Save(InfoOf(slot_, "key_3", 2), "b", "r4"), IsOk());
  ASSERT_THAT(Save(InfoOf(SlotOf("tnt_b", Provider::kOpenai), "key_4", 1), "o", "r5"), IsOk());
  KeyStore& keys = stores_->keys();

  const auto all = Await(stores_->io, keys.List(slot_.tenant, std::nullopt, 10));
  const KeyCursor after{Provider::kAnthropic, ""};
  const auto rest = Await(stores_->io, keys.List(slot_.tenant, after, 1));

  ASSERT_THAT(all, IsOkAndHolds(SizeIs(3)));
  EXPECT_EQ(all->at(0).id.text(), "key_3");
  EXPECT_EQ(all->at(0).version, 2);
  EXPECT_EQ(all->at(1).id.text(), "key_2");
  EXPECT_EQ(all->at(2).id.text(), "key_1");
  ASSERT_THAT(rest, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ(rest->at(0).id.text(), "key_2");
}

TEST_P(KeyStoreContract, TheFirstTenantKeyStays) {
  const std::string first = EnsureTenantKey("tnt_a");

  EXPECT_EQ(EnsureTenantKey("tnt_a"), first);
  EXPECT_NE(EnsureTenantKey("tnt_b"), first);
}

TEST_P(KeyStoreContract, OneTenantKeyIsSampledForEachRootKey) {
  KeyStore& keys = stores_->keys();
  EXPECT_THAT(Await(stores_->io, keys.SampleTenantKeys()), IsOkAndHolds(IsEmpty()));
  const std::string first = EnsureTenantKey("tnt_a");
  EnsureTenantKey("tnt_b");

  const auto samples = Await(stores_->io, keys.SampleTenantKeys());

  ASSERT_THAT(samples, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ(samples->front().first.text(), "tnt_a");
  EXPECT_EQ(samples->front().second, first);
}

INSTANTIATE_TEST_SUITE_P(Every, KeyStoreContract, testing::Values("fake", "postgres"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace latchkey::keyvault
