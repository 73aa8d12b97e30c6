#include "services/dialer/domain/key_resolution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

using ::testing::ElementsAre;

KeyGrant Grant(Provider provider, const TenantId& tenant, const NumberId& number = {}) {
  return KeyGrant{provider, KeyScope{tenant, number}};
}

std::vector<KeyFacts> Without(std::vector<KeyFacts> keys, Provider provider) {
  std::erase_if(keys, [&](const KeyFacts& key) { return key.provider == provider; });
  return keys;
}

std::vector<KeyFacts> Rejected(std::vector<KeyFacts> keys, Provider provider) {
  for (KeyFacts& key : keys) key.valid = key.valid && key.provider != provider;
  return keys;
}

Line RealtimeLine(std::string plan, bool byok) {
  Line line = SampleLine();
  line.number.agent.pipeline = Pipeline::kRealtime;
  line.tenant.plan = std::move(plan);
  line.tenant.byok = byok;
  line.tenant.onboarded = false;
  return line;
}

KeyFacts OpenaiKey(const TenantId& tenant, const NumberId& number = {}) {
  KeyFacts key = KeyOf(Provider::kOpenai, tenant);
  key.scope.number = number;
  return key;
}

// A tenant's Twilio key, and OpenAI keys of its number, its own and the platform's.
std::vector<KeyFacts> EveryOpenaiKey() {
  return {KeyOf(Provider::kTwilio, kSampleTenant), OpenaiKey(kSampleTenant, kSampleNumber),
          OpenaiKey(kSampleTenant), OpenaiKey(PlatformTenant())};
}

TEST(KeyResolutionTest, ARealtimeCallUsesItsNumbersKeyWithoutOnboarding) {
  for (const bool byok : {false, true}) {
    const auto keys = ResolveKeys(RealtimeLine(byok ? "byok" : "pro", byok), EveryOpenaiKey());

    ASSERT_THAT(keys, IsOk());
    EXPECT_THAT(keys->grants, ElementsAre(Grant(Provider::kOpenai, kSampleTenant, kSampleNumber),
                                          Grant(Provider::kTwilio, kSampleTenant)));
    EXPECT_EQ(keys->mode, BillingMode::kByokNumber);
    EXPECT_EQ(keys->llm_scope, KeyScope());
    EXPECT_EQ(keys->llm_call_ceiling, 0);
  }
}

TEST(KeyResolutionTest, ARealtimeCallOfATenantInByokModeUsesTheTenantsKeyIfItsNumberHasNone) {
  std::vector<KeyFacts> known = EveryOpenaiKey();
  known.erase(known.begin() + 1);

  const auto keys = ResolveKeys(RealtimeLine("byok", true), known);

  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ(keys->grants[0], Grant(Provider::kOpenai, kSampleTenant));
  EXPECT_EQ(keys->mode, BillingMode::kByokTenant);
}

TEST(KeyResolutionTest, AManagedRealtimeNumberUsesThePlatformsKeyAndNotTheTenantsDormantOne) {
  std::vector<KeyFacts> known = EveryOpenaiKey();
  known.erase(known.begin() + 1);

  const auto keys = ResolveKeys(RealtimeLine("pro", false), known);

  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ(keys->grants[0], Grant(Provider::kOpenai, PlatformTenant()));
  EXPECT_EQ(keys->mode, BillingMode::kBundled);
}

TEST(KeyResolutionTest, ANumbersKeyLiesDormantOnThePlanFree) {
  const auto keys = ResolveKeys(RealtimeLine("free", false), EveryOpenaiKey());

  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ(keys->grants[0], Grant(Provider::kOpenai, PlatformTenant()));
  EXPECT_EQ(keys->mode, BillingMode::kBundled);
}

TEST(KeyResolutionTest, ANumbersRejectedKeyIsNamedAndNeverFallsBack) {
  std::vector<KeyFacts> known = EveryOpenaiKey();
  known[1].valid = false;

  const auto keys = ResolveKeys(RealtimeLine("pro", false), known);

  EXPECT_THAT(keys, StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kKeyInvalid));
  EXPECT_EQ(Metadata(keys.status())["provider"], "openai");
}

TEST(KeyResolutionTest, AMissingOpenaiKeyOfATenantInByokModeNeverFallsBackToThePlatforms) {
  const std::vector<KeyFacts> known = {KeyOf(Provider::kTwilio, kSampleTenant),
                                       OpenaiKey(PlatformTenant())};

  const auto keys = ResolveKeys(RealtimeLine("byok", true), known);

  EXPECT_THAT(keys, StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kKeyMissing));
  EXPECT_EQ(Metadata(keys.status())["provider"], "openai");
}

TEST(KeyResolutionTest, AComposedCallDoesNotUseTheOpenaiKeyAndIsNotPricedByIt) {
  Line line = SampleLine();
  line.tenant.plan = "pro";
  line.tenant.byok = false;
  std::vector<KeyFacts> known = AllKeys(PlatformTenant());
  known.push_back(KeyOf(Provider::kTwilio, kSampleTenant));
  known.push_back(OpenaiKey(kSampleTenant, kSampleNumber));

  const auto keys = ResolveKeys(line, known);

  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ(keys->mode, BillingMode::kBundled);
}

TEST(KeyResolutionTest, ATenantInByokModeUsesItsOwnKeys) {
  const auto keys = ResolveKeys(SampleLine(), AllKeys(kSampleTenant));

  ASSERT_THAT(keys, IsOk());
  EXPECT_THAT(keys->grants, ElementsAre(Grant(Provider::kDeepgram, kSampleTenant),
                                        Grant(Provider::kAnthropic, kSampleTenant),
                                        Grant(Provider::kCartesia, kSampleTenant),
                                        Grant(Provider::kTwilio, kSampleTenant)));
  EXPECT_EQ(keys->llm_call_ceiling, 50);
  EXPECT_EQ(keys->mode, BillingMode::kByokTenant);
}

TEST(KeyResolutionTest, AKeyWithoutCreditIsNamedAndSaysWhatToDo) {
  std::vector<KeyFacts> known = AllKeys(kSampleTenant);
  for (KeyFacts& key : known) key.exhausted = key.provider == Provider::kAnthropic;

  const auto keys = ResolveKeys(SampleLine(), known);

  EXPECT_THAT(keys, StatusIs(absl::StatusCode::kFailedPrecondition, "key_exhausted"));
  EXPECT_EQ(Metadata(keys.status())["provider"], "anthropic");
  EXPECT_NE(Message(keys.status()).find("Add credit"), std::string::npos);
}

TEST(KeyResolutionTest, ANumbersOwnKeyWins) {
  std::vector<KeyFacts> known = AllKeys(kSampleTenant);
  KeyFacts own = KeyOf(Provider::kAnthropic, kSampleTenant, 7);
  own.scope.number = kSampleNumber;
  known.push_back(own);

  const auto keys = ResolveKeys(SampleLine(), known);

  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ(keys->grants[1], Grant(Provider::kAnthropic, kSampleTenant, kSampleNumber));
  EXPECT_EQ(keys->llm_call_ceiling, 7);
}

TEST(KeyResolutionTest, ABundledTenantUsesThePlatformsKeysAndNotItsDormantOnes) {
  Line line = SampleLine();
  line.tenant.byok = false;
  line.tenant.onboarded = false;
  line.number.platform_owned = true;
  std::vector<KeyFacts> known = AllKeys(kSampleTenant);
  for (const KeyFacts& key : AllKeys(PlatformTenant())) known.push_back(key);

  const auto keys = ResolveKeys(line, known);

  ASSERT_THAT(keys, IsOk());
  for (const KeyGrant& grant : keys->grants) EXPECT_EQ(grant.scope.tenant, PlatformTenant());
}

TEST(KeyResolutionTest, TheCarriersKeyFollowsTheNumberInBundledModeToo) {
  Line line = SampleLine();
  line.tenant.byok = false;
  std::vector<KeyFacts> known = AllKeys(PlatformTenant());
  known.push_back(KeyOf(Provider::kTwilio, kSampleTenant));

  const auto keys = ResolveKeys(line, known);

  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ(keys->carrier_scope.tenant, kSampleTenant);
  EXPECT_EQ(keys->llm_scope.tenant, PlatformTenant());
}

TEST(KeyResolutionTest, ABundledTenantWithoutANumberToCallFromGetsNoNumber) {
  Line line = SampleLine();
  line.tenant.byok = false;
  EXPECT_THAT(ResolveKeys(line, AllKeys(PlatformTenant())),
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kNoNumber));
}

TEST(KeyResolutionTest, AMissingKeyInByokModeIsNamedAndNeverFallsBack) {
  std::vector<KeyFacts> known = Without(AllKeys(kSampleTenant), Provider::kCartesia);
  for (const KeyFacts& key : AllKeys(PlatformTenant())) known.push_back(key);

  const auto keys = ResolveKeys(SampleLine(), known);

  EXPECT_THAT(keys, StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kKeyMissing));
  EXPECT_EQ(Metadata(keys.status())["provider"], "cartesia");
}

TEST(KeyResolutionTest, ARejectedKeyIsNamed) {
  const auto keys = ResolveKeys(SampleLine(), Rejected(AllKeys(kSampleTenant), Provider::kTwilio));

  EXPECT_THAT(keys, StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kKeyInvalid));
  EXPECT_EQ(Metadata(keys.status())["provider"], "twilio");
}

TEST(KeyResolutionTest, BeforeOnboardingEverythingThatIsMissingIsNamed) {
  Line line = SampleLine();
  line.tenant.onboarded = false;
  const auto known =
      Rejected(Without(AllKeys(kSampleTenant), Provider::kCartesia), Provider::kTwilio);

  const auto keys = ResolveKeys(line, known);

  EXPECT_THAT(keys,
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kOnboardingIncomplete));
  EXPECT_EQ(Metadata(keys.status())["missing"], "cartesia,twilio");
}

TEST(KeyResolutionTest, AllKeysAloneDoNotMakeATenantOnboarded) {
  Line line = SampleLine();
  line.tenant.onboarded = false;
  EXPECT_THAT(ResolveKeys(line, AllKeys(kSampleTenant)),
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kOnboardingIncomplete));
}

}  // namespace
}  // namespace latchkey::dialer
