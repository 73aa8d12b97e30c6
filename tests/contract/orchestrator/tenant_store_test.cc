// The contracts of TenantStore and ApiKeyStore.
#include <gtest/gtest.h>

#include "tests/contract/orchestrator/worlds.h"

namespace latchkey::orchestrator {
namespace {

template <typename World>
class TenantStoreContract : public ::testing::Test {
 protected:
  template <typename T>
  T Run(Task<T> task) {
    return Await(world_.io, std::move(task));
  }

  World world_;
  const Tenant tenant_ = SampleTenant("one");
};
TYPED_TEST_SUITE(TenantStoreContract, Worlds);

TYPED_TEST(TenantStoreContract, GivesBackWhatWasKept) {
  EXPECT_THAT(this->Run(this->world_.tenants.Create(this->tenant_, "r1")),
              IsOkAndHolds(this->tenant_));

  EXPECT_THAT(this->Run(this->world_.tenants.Find(this->tenant_.id)), IsOkAndHolds(this->tenant_));
}

TYPED_TEST(TenantStoreContract, AnswersARepeatedRequestWithTheFirstTenant) {
  ASSERT_THAT(this->Run(this->world_.tenants.Create(this->tenant_, "r1")), IsOk());

  EXPECT_THAT(this->Run(this->world_.tenants.Create(SampleTenant("two"), "r1")),
              IsOkAndHolds(this->tenant_));
  EXPECT_THAT(this->Run(this->world_.tenants.Find(SampleTenantId("two"))),
              StatusIs(absl::StatusCode::kNotFound, reasons::kTenantNotFound));
}

TYPED_TEST(TenantStoreContract, ChangesWhatIsNamedAndNothingElse) {
  ASSERT_THAT(this->Run(this->world_.tenants.Create(this->tenant_, "r1")), IsOk());
  TenantChange change;
  change.mode = Mode::kByok;
  change.onboarded = true;
  Tenant expected = this->tenant_;
  expected.mode = Mode::kByok;
  expected.onboarded = true;

  EXPECT_THAT(this->Run(this->world_.tenants.Change(this->tenant_.id, change)),
              IsOkAndHolds(expected));

  TenantChange rules;
  rules.rules = CallingRules{{}, 0, 1440, 3};
  expected.rules = *rules.rules;
  EXPECT_THAT(this->Run(this->world_.tenants.Change(this->tenant_.id, rules)),
              IsOkAndHolds(expected));
  EXPECT_THAT(this->Run(this->world_.tenants.Find(this->tenant_.id)), IsOkAndHolds(expected));
}

TYPED_TEST(TenantStoreContract, NeverLeavesAModeWithoutItsPlan) {
  ASSERT_THAT(this->Run(this->world_.tenants.Create(this->tenant_, "r1")), IsOk());
  TenantChange byok;
  byok.mode = Mode::kByok;
  ASSERT_THAT(this->Run(this->world_.tenants.Change(this->tenant_.id, byok)), IsOk());
  TenantChange free;
  free.plan = Plan::kFree;

  EXPECT_THAT(this->Run(this->world_.tenants.Change(this->tenant_.id, free)),
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kPlanRequired));
  EXPECT_EQ(this->Run(this->world_.tenants.Find(this->tenant_.id))->plan, Plan::kByok);
}

TYPED_TEST(TenantStoreContract, KnowsNoTenantThatWasNotMade) {
  EXPECT_THAT(this->Run(this->world_.tenants.Find(this->tenant_.id)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kTenantNotFound));
  EXPECT_THAT(this->Run(this->world_.tenants.Change(this->tenant_.id, TenantChange())),
              StatusIs(absl::StatusCode::kNotFound, reasons::kTenantNotFound));
}

TYPED_TEST(TenantStoreContract, FindsTheTenantOfAnApiKeyUntilItIsRevoked) {
  const ApiKey key{*ApiKeyId::Parse("apk_one"), this->tenant_.id, "website", SampleTime()};
  const std::string hash(32, '\xa7');
  ASSERT_THAT(this->Run(this->world_.tenants.Create(this->tenant_, "r1")), IsOk());
  ASSERT_THAT(this->Run(this->world_.api_keys.Create(key, hash)), IsOk());

  const absl::StatusOr<Principal> known = this->Run(this->world_.api_keys.FindByHash(hash));
  ASSERT_THAT(known, IsOk());
  EXPECT_EQ(known->tenant, this->tenant_);
  EXPECT_EQ(known->api_key, key.id);

  EXPECT_THAT(this->Run(this->world_.api_keys.Revoke(key.id, SampleTime())), IsOk());
  EXPECT_THAT(this->Run(this->world_.api_keys.Revoke(key.id, SampleTime())), IsOk());
  EXPECT_THAT(this->Run(this->world_.api_keys.FindByHash(hash)),
              StatusIs(absl::StatusCode::kUnauthenticated, reasons::kApiKeyUnknown));
}

TYPED_TEST(TenantStoreContract, RefusesAnApiKeyOfNobody) {
  const ApiKey key{*ApiKeyId::Parse("apk_one"), this->tenant_.id, "", SampleTime()};

  EXPECT_THAT(this->Run(this->world_.api_keys.Create(key, std::string(32, 'h'))),
              StatusIs(absl::StatusCode::kNotFound, reasons::kTenantNotFound));
  EXPECT_THAT(this->Run(this->world_.api_keys.Revoke(key.id, SampleTime())),
              StatusIs(absl::StatusCode::kNotFound, reasons::kApiKeyNotFound));
  EXPECT_THAT(this->Run(this->world_.api_keys.FindByHash(std::string(32, 'h'))),
              StatusIs(absl::StatusCode::kUnauthenticated, reasons::kApiKeyUnknown));
}

}  // namespace
}  // namespace latchkey::orchestrator
