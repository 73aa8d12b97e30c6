#include "services/orchestrator/adapters/sha256_api_key_mint.h"
#include "tests/integration/orchestrator/orchestrator_test.h"
#include "tests/support/caller_matrix.h"
#include "tests/support/seeded_random.h"

namespace latchkey::orchestrator {
namespace {

using absl::StatusCode;
using type::v1::PROVIDER_ANTHROPIC;
using type::v1::PROVIDER_CARTESIA;
using type::v1::PROVIDER_DEEPGRAM;
using type::v1::PROVIDER_OPENAI;
using type::v1::PROVIDER_TWILIO;

TEST_F(OrchestratorTest, EveryMethodLetsInExactlyItsCallers) {
  ExpectCallersAreEnforced(pki_, "orchestrator", running_->address(),
                           *v1::Tenant::descriptor()->file()->FindServiceByName("Orchestrator"));
}

TEST_F(OrchestratorTest, AnApiKeyOpensUntilItIsRevoked) {
  v1::CreateApiKeyRequest wanted;
  wanted.set_tenant_id(MakeTenant());
  const auto key = Call("ops", &Stub::PrepareAsyncCreateApiKey, wanted);
  ASSERT_THAT(key, IsOk());
  SeededRandom random;
  v1::AuthenticateRequest shown;
  shown.set_api_key_hash(Sha256ApiKeyMint(random).Hash(key->api_key()));

  const auto known = Call("gateway", &Stub::PrepareAsyncAuthenticate, shown);
  ASSERT_THAT(known, IsOk());
  EXPECT_EQ(known->tenant().tenant_id(), wanted.tenant_id());
  EXPECT_EQ(known->api_key_id(), key->api_key_id());

  v1::RevokeApiKeyRequest revoke;
  revoke.set_api_key_id(key->api_key_id());
  EXPECT_THAT(Call("ops", &Stub::PrepareAsyncRevokeApiKey, revoke), IsOk());
  EXPECT_THAT(Call("gateway", &Stub::PrepareAsyncAuthenticate, shown),
              StatusIs(StatusCode::kUnauthenticated, "api_key_unknown"));
}

TEST_F(OrchestratorTest, NeverKeepsAnApiKeyItself) {
  v1::CreateApiKeyRequest wanted;
  wanted.set_tenant_id(MakeTenant());
  const auto key = Call("ops", &Stub::PrepareAsyncCreateApiKey, wanted);
  ASSERT_THAT(key, IsOk());

  const std::string rows = cluster_.Run(
      database_.superuser, "SELECT string_agg(k::text, ' ') FROM orchestrator.api_keys k");

  EXPECT_EQ(rows.find(key->api_key()), std::string::npos);
  EXPECT_EQ(rows.find("ac_live_"), std::string::npos);
}

TEST_F(OrchestratorTest, OnboardingOpensOnlyWithEveryKeyValidated) {
  v1::CompleteOnboardingRequest complete;
  complete.set_tenant_id(MakeTenant());
  keyvault_.Save(PROVIDER_ANTHROPIC, kv::KEY_STATUS_VALID);
  keyvault_.Save(PROVIDER_CARTESIA, kv::KEY_STATUS_VALID);
  keyvault_.Save(PROVIDER_TWILIO, kv::KEY_STATUS_VALID);
  keyvault_.Save(PROVIDER_DEEPGRAM, kv::KEY_STATUS_VALID, "num_one");  // Not the tenant's.

  const absl::Status refused =
      Call("gateway", &Stub::PrepareAsyncCompleteOnboarding, complete).status();
  keyvault_.Save(PROVIDER_DEEPGRAM, kv::KEY_STATUS_VALID);
  const auto completed = Call("gateway", &Stub::PrepareAsyncCompleteOnboarding, complete);

  EXPECT_THAT(refused, StatusIs(StatusCode::kFailedPrecondition, "onboarding_incomplete"));
  EXPECT_EQ(Metadata(refused)["missing"], "deepgram");
  ASSERT_THAT(completed, IsOk());
  EXPECT_TRUE(completed->tenant().onboarded());
}

TEST_F(OrchestratorTest, BundledModeMakesKeysDormantAndByokWakesThem) {
  const std::string tenant_id = MakeTenant();
  keyvault_.Save(PROVIDER_ANTHROPIC, kv::KEY_STATUS_INVALID);
  v1::GetOnboardingRequest get;
  get.set_tenant_id(tenant_id);
  v1::SetModeRequest byok;
  byok.set_tenant_id(tenant_id);
  byok.set_mode(v1::ONBOARDING_MODE_BYOK);

  const auto before = Call("gateway", &Stub::PrepareAsyncGetOnboarding, get);
  ASSERT_THAT(Call("gateway", &Stub::PrepareAsyncSetMode, byok), IsOk());
  const auto after = Call("gateway", &Stub::PrepareAsyncGetOnboarding, get);

  ASSERT_THAT(before, IsOk());
  EXPECT_EQ(before->providers_size(), 5);
  EXPECT_EQ(before->providers(0).state(), v1::PROVIDER_STATE_INVALID);
  EXPECT_EQ(before->providers(0).preview(), "...1234");
  EXPECT_TRUE(before->providers(0).dormant());
  ASSERT_THAT(after, IsOk());
  EXPECT_EQ(after->mode(), v1::ONBOARDING_MODE_BYOK);
  EXPECT_FALSE(after->providers(0).dormant());
  EXPECT_EQ(after->missing_size(), 4);
}

TEST_F(OrchestratorTest, SaysThatKeyvaultIsAwayInsteadOfMissingKeys) {
  v1::GetOnboardingRequest get;
  get.set_tenant_id(MakeTenant());
  keyvault_.Stop();

  EXPECT_THAT(Call("gateway", &Stub::PrepareAsyncGetOnboarding, get),
              StatusIs(StatusCode::kUnavailable, "keyvault_unreachable"));
}

TEST_F(OrchestratorTest, DialerFindsANumberWithItsTenant) {
  const std::string tenant_id = MakeTenant();
  const auto made = Call("gateway", &Stub::PrepareAsyncCreateNumber, NumberOf(tenant_id));
  ASSERT_THAT(made, IsOk());
  v1::FindNumberRequest find;
  find.set_tenant_id(tenant_id);
  find.set_number_id(made->number().number_id());

  const auto found = Call("dialer", &Stub::PrepareAsyncFindNumber, find);

  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->number().e164(), "+14155550100");
  EXPECT_EQ(found->number().agent().call_duration_max().seconds(), 1800);
  EXPECT_EQ(found->tenant().plan(), v1::PLAN_BYOK);
  EXPECT_EQ(found->tenant().rules().window_start_minute(), 540);
  EXPECT_EQ(found->tenant().rules().concurrent_calls_max(), 10);
}

TEST_F(OrchestratorTest, ANumberIsByokAsLongAsTheVaultHasItsKey) {
  const std::string tenant_id = MakeTenant();
  const auto made = Call("gateway", &Stub::PrepareAsyncCreateNumber, NumberOf(tenant_id));
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->number().voice_mode(), v1::VOICE_MODE_MANAGED);
  v1::ListNumbersRequest list;
  list.set_tenant_id(tenant_id);
  v1::GetNumberRequest get;
  get.set_tenant_id(tenant_id);
  get.set_number_id(made->number().number_id());

  keyvault_.Save(PROVIDER_OPENAI, kv::KEY_STATUS_VALID, made->number().number_id());
  const auto listed = Call("gateway", &Stub::PrepareAsyncListNumbers, list);
  const auto got = Call("gateway", &Stub::PrepareAsyncGetNumber, get);

  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(got, IsOk());
  for (const v1::Number& number : {listed->numbers(0), got->number()}) {
    EXPECT_EQ(number.voice_mode(), v1::VOICE_MODE_BYOK);
    EXPECT_EQ(number.key_preview(), "...1234");
  }
  keyvault_.Stop();
  EXPECT_THAT(Call("gateway", &Stub::PrepareAsyncListNumbers, list),
              StatusIs(StatusCode::kUnavailable, "keyvault_unreachable"));
}

TEST_F(OrchestratorTest, OnFreeNoNumberGetsAKeyAndOnProItGetsItsModelsName) {
  const std::string tenant_id = MakeTenant();
  const auto made = Call("gateway", &Stub::PrepareAsyncCreateNumber, NumberOf(tenant_id));
  ASSERT_THAT(made, IsOk());
  v1::AdmitNumberKeysRequest admit;
  admit.set_tenant_id(tenant_id);
  admit.add_number_ids(made->number().number_id());
  admit.add_number_ids("num_unknown");
  v1::UpdateTenantRequest update;
  update.set_tenant_id(tenant_id);

  update.set_plan(v1::PLAN_FREE);
  ASSERT_THAT(Call("ops", &Stub::PrepareAsyncUpdateTenant, update), IsOk());
  const auto on_free = Call("gateway", &Stub::PrepareAsyncAdmitNumberKeys, admit);
  update.set_plan(v1::PLAN_PRO);
  ASSERT_THAT(Call("ops", &Stub::PrepareAsyncUpdateTenant, update), IsOk());
  const auto on_pro = Call("gateway", &Stub::PrepareAsyncAdmitNumberKeys, admit);

  EXPECT_THAT(on_free, StatusIs(StatusCode::kPermissionDenied, "pro_required"));
  ASSERT_THAT(on_pro, IsOk());
  ASSERT_EQ(on_pro->numbers_size(), 1);
  EXPECT_EQ(on_pro->numbers(0).model(), "gpt-realtime-2.1");
  ASSERT_EQ(on_pro->unknown_number_ids_size(), 1);
  EXPECT_EQ(on_pro->unknown_number_ids(0), "num_unknown");
}

TEST_F(OrchestratorTest, OnlyOpsMakesNumbersOfThePlatform) {
  v1::CreateNumberRequest request = NumberOf(MakeTenant());
  request.set_platform_owned(true);

  EXPECT_THAT(Call("gateway", &Stub::PrepareAsyncCreateNumber, request),
              StatusIs(StatusCode::kInvalidArgument, "malformed_request"));
  EXPECT_THAT(Call("ops", &Stub::PrepareAsyncCreateNumber, request), IsOk());
}

TEST_F(OrchestratorTest, GivesANumberToOneTenant) {
  ASSERT_THAT(Call("ops", &Stub::PrepareAsyncCreateNumber, NumberOf(MakeTenant())), IsOk());

  EXPECT_THAT(Call("ops", &Stub::PrepareAsyncCreateNumber, NumberOf(MakeTenant())),
              StatusIs(StatusCode::kAlreadyExists, "number_taken"));
}

}  // namespace
}  // namespace latchkey::orchestrator
