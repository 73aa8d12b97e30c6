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

TEST(KeyResolutionTest, ATenantInByokModeUsesItsOwnKeys) {
  const auto keys = ResolveKeys(SampleLine(), AllKeys(kSampleTenant));

  ASSERT_THAT(keys, IsOk());
  EXPECT_THAT(keys->grants, ElementsAre(Grant(Provider::kDeepgram, kSampleTenant),
                                        Grant(Provider::kAnthropic, kSampleTenant),
                                        Grant(Provider::kCartesia, kSampleTenant),
                                        Grant(Provider::kTwilio, kSampleTenant)));
  EXPECT_EQ(keys->llm_call_ceiling, 50);
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
