#include "services/orchestrator/domain/tenants.h"

#include <gtest/gtest.h>

#include "services/orchestrator/adapters/sha256_api_key_mint.h"
#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_tenant_store.h"
#include "tests/support/seeded_random.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

class TenantsTest : public ::testing::Test {
 protected:
  static NewTenant Wanted(Plan plan) {
    NewTenant wanted;
    wanted.request_id = "request-1";
    wanted.name = "Blue Dental";
    wanted.country = "US";
    wanted.currency = "USD";
    wanted.plan = plan;
    return wanted;
  }

  TenantId Made(Plan plan) { return Await(tenants_.Create(Wanted(plan)))->id; }

  SimulatedClock clock_;
  SeededRandom random_;
  FakeTenantStore store_;
  FakeApiKeyStore api_keys_{store_};
  Sha256ApiKeyMint mint_{random_};
  Tenants tenants_{store_, api_keys_, mint_, clock_, random_};
};

TEST_F(TenantsTest, BeginsInBundledModeAndNotOnboarded) {
  const absl::StatusOr<Tenant> made = Await(tenants_.Create(Wanted(Plan::kByok)));

  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->mode, Mode::kBundled);
  EXPECT_FALSE(made->onboarded);
  EXPECT_EQ(made->create_time, clock_.Now());
  EXPECT_EQ(made->rules, CallingRules());
}

TEST_F(TenantsTest, MakesOneTenantForARepeatedRequest) {
  EXPECT_EQ(Made(Plan::kFree), Made(Plan::kFree));
}

TEST_F(TenantsTest, RefusesFieldsOutOfRange) {
  const auto refused = [this](NewTenant wanted) {
    EXPECT_THAT(Await(tenants_.Create(wanted)),
                StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
  };
  NewTenant wanted = Wanted(Plan::kFree);
  wanted.request_id = "";
  refused(wanted);
  wanted = Wanted(Plan::kFree);
  wanted.name = std::string(201, 'x');
  refused(wanted);
  wanted = Wanted(Plan::kFree);
  wanted.country = "us";
  refused(wanted);
  wanted = Wanted(Plan::kFree);
  wanted.currency = "DOLLAR";
  refused(wanted);
  wanted = Wanted(Plan::kFree);
  wanted.rules.window_end_minute = 540;
  refused(wanted);
  wanted = Wanted(Plan::kFree);
  wanted.rules.concurrent_calls_max = 1001;
  refused(wanted);
}

TEST_F(TenantsTest, SwitchesModesBackAndForth) {
  const TenantId tenant = Made(Plan::kByok);

  EXPECT_EQ(Await(tenants_.SetMode(tenant, Mode::kByok))->mode, Mode::kByok);
  EXPECT_EQ(Await(tenants_.SetMode(tenant, Mode::kBundled))->mode, Mode::kBundled);
}

TEST_F(TenantsTest, RefusesByokModeWithoutItsPlan) {
  const TenantId tenant = Made(Plan::kPro);

  EXPECT_THAT(Await(tenants_.SetMode(tenant, Mode::kByok)),
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kPlanRequired));
}

TEST_F(TenantsTest, LeavesByokModeWithItsPlan) {
  const TenantId tenant = Made(Plan::kByok);
  ASSERT_THAT(Await(tenants_.SetMode(tenant, Mode::kByok)), IsOk());

  const absl::StatusOr<Tenant> changed = Await(tenants_.Update(tenant, Plan::kFree, std::nullopt));

  ASSERT_THAT(changed, IsOk());
  EXPECT_EQ(changed->plan, Plan::kFree);
  EXPECT_EQ(changed->mode, Mode::kBundled);
}

TEST_F(TenantsTest, KeepsWhatAnUpdateDoesNotName) {
  const TenantId tenant = Made(Plan::kByok);
  CallingRules rules;
  rules.concurrent_calls_max = 3;

  const absl::StatusOr<Tenant> changed = Await(tenants_.Update(tenant, std::nullopt, rules));

  ASSERT_THAT(changed, IsOk());
  EXPECT_EQ(changed->plan, Plan::kByok);
  EXPECT_EQ(changed->rules.concurrent_calls_max, 3);
}

TEST_F(TenantsTest, KnowsATenantByTheHashOfItsApiKey) {
  const TenantId tenant = Made(Plan::kFree);
  const absl::StatusOr<NewApiKey> key = Await(tenants_.CreateApiKey(tenant, "website"));
  ASSERT_THAT(key, IsOk());
  EXPECT_EQ(key->text.substr(0, 8), "ac_live_");
  EXPECT_EQ(key->text.size(), 51U);

  const absl::StatusOr<Principal> known = Await(tenants_.Authenticate(mint_.Hash(key->text)));

  ASSERT_THAT(known, IsOk());
  EXPECT_EQ(known->tenant.id, tenant);
  EXPECT_EQ(known->api_key, key->id);
}

TEST_F(TenantsTest, ForgetsARevokedApiKey) {
  const TenantId tenant = Made(Plan::kFree);
  const absl::StatusOr<NewApiKey> key = Await(tenants_.CreateApiKey(tenant, ""));

  EXPECT_THAT(Await(tenants_.RevokeApiKey(key->id)), IsOk());
  EXPECT_THAT(Await(tenants_.RevokeApiKey(key->id)), IsOk());

  EXPECT_THAT(Await(tenants_.Authenticate(mint_.Hash(key->text))),
              StatusIs(absl::StatusCode::kUnauthenticated, reasons::kApiKeyUnknown));
}

TEST_F(TenantsTest, RefusesWhatIsNoHash) {
  EXPECT_THAT(Await(tenants_.Authenticate("ac_live_short")),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
}

}  // namespace
}  // namespace latchkey::orchestrator
