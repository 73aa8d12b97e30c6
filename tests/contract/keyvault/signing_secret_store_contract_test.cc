// What every SigningSecretStore does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/secret/sealed_box.h"
#include "tests/contract/keyvault/stores_under_test.h"
#include "tests/support/await.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

class SigningSecretStoreContract : public testing::TestWithParam<std::string_view> {
 protected:
  SigningSecretStoreContract() {
    EXPECT_THAT(Await(stores_->io, stores_->keys().EnsureTenantKey(
                                       tenant_, envelope_.MakeTenantKey(tenant_.text()))),
                IsOk());
  }
  absl::Status Save(int version, const std::string& request, const std::string& blob = "blob") {
    secret::SealedKey sealed;
    sealed.data_key = "data key of " + blob;
    sealed.fields.emplace(secret::kSigningSecretField, blob);
    const SigningSecretVersion made(tenant_, version, request, sealed);
    return Await(stores_->io, stores_->signing_secrets().Save(made, actor_));
  }
  std::optional<StoredSigningSecret> Find() {
    return *Await(stores_->io, stores_->signing_secrets().Find(tenant_));
  }
  bool Knows(const std::string& request) {
    return *Await(stores_->io, stores_->signing_secrets().KnowsRequest(tenant_, request));
  }

  std::unique_ptr<StoresUnderTest> stores_ = MakeStores(GetParam());
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  TenantId tenant_ = *TenantId::Parse("tnt_a");
  Actor actor_{"spiffe://latchkey/gateway"};
};

TEST_P(SigningSecretStoreContract, ATenantBeginsWithNone) {
  EXPECT_EQ(Find(), std::nullopt);
  EXPECT_FALSE(Knows("r1"));
}

TEST_P(SigningSecretStoreContract, TheNewestIsTheOneThatIsFound) {
  ASSERT_THAT(Save(1, "r1", "one"), IsOk());
  ASSERT_THAT(Save(2, "r2", "two"), IsOk());

  const std::optional<StoredSigningSecret> found = Find();

  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->version, 2);
  EXPECT_EQ(found->sealed.data_key, "data key of two");
  EXPECT_EQ(found->sealed.fields.at("signing_secret"), "two");
  EXPECT_FALSE(found->tenant_key.empty());
  EXPECT_EQ(stores_->CountAudit(AuditAction::kSetSigningSecret, AuditOutcome::kDone), 2);
}

TEST_P(SigningSecretStoreContract, TheOneBeforeIsFoundForADay) {
  ASSERT_THAT(Save(1, "r1", "one"), IsOk());
  EXPECT_EQ(Find()->previous, std::nullopt);
  ASSERT_THAT(Save(2, "r2", "two"), IsOk());
  ASSERT_THAT(Save(3, "r3", "three"), IsOk());

  const std::optional<StoredSigningSecret> found = Find();
  ASSERT_TRUE(found->previous.has_value());
  EXPECT_EQ(found->previous->data_key, "data key of two");
  EXPECT_EQ(found->previous->fields.at("signing_secret"), "two");

  stores_->LetPass(kSigningOverlap - absl::Minutes(1));
  EXPECT_TRUE(Find()->previous.has_value());
  stores_->LetPass(absl::Minutes(2));
  EXPECT_FALSE(Find()->previous.has_value());

  ASSERT_THAT(Await(stores_->io, stores_->leases().Sweep()), IsOk());
  EXPECT_EQ(Find()->sealed.fields.at("signing_secret"), "three");
  EXPECT_TRUE(Knows("r2"));
}

TEST_P(SigningSecretStoreContract, RequestsAreKnownAlsoWhenTheirSecretWasReplaced) {
  ASSERT_THAT(Save(1, "r1"), IsOk());
  ASSERT_THAT(Save(2, "r2"), IsOk());

  EXPECT_TRUE(Knows("r1"));
  EXPECT_TRUE(Knows("r2"));
  EXPECT_FALSE(Knows("r3"));
}

TEST_P(SigningSecretStoreContract, OfTwoAtTheSameMomentOneIsKept) {
  ASSERT_THAT(Save(1, "r1", "one"), IsOk());

  EXPECT_THAT(Save(1, "r2", "two"), StatusIs(absl::StatusCode::kAborted, "save_lost_race"));
  EXPECT_THAT(Save(2, "r1", "two"), StatusIs(absl::StatusCode::kAborted, "save_lost_race"));

  EXPECT_EQ(Find()->sealed.fields.at("signing_secret"), "one");
  EXPECT_EQ(stores_->CountAudit(AuditAction::kSetSigningSecret, AuditOutcome::kDone), 1);
}

TEST_P(SigningSecretStoreContract, AShreddedTenantHasNoneAndGetsNone) {
  ASSERT_THAT(Save(1, "r1"), IsOk());
  ASSERT_THAT(Await(stores_->io, stores_->root_keys().Shred(tenant_, actor_)), IsOk());

  EXPECT_EQ(Find(), std::nullopt);
  EXPECT_THAT(Save(2, "r2"), StatusIs(absl::StatusCode::kAborted, "save_lost_race"));
}

INSTANTIATE_TEST_SUITE_P(All, SigningSecretStoreContract, testing::Values("fake", "postgres"));

}  // namespace
}  // namespace latchkey::keyvault
