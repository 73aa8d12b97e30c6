#include "services/orchestrator/domain/onboarding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_key_catalogue.h"
#include "tests/support/orchestrator/fake_tenant_store.h"
#include "tests/support/orchestrator/samples.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OnboardingTest : public ::testing::Test {
 protected:
  OnboardingTest() {
    EXPECT_THAT(Await(tenants_.Create(SampleTenant("one"), "r")), IsOk());
    keys_.Save(Provider::kAnthropic);
    keys_.Save(Provider::kCartesia);
    keys_.Save(Provider::kDeepgram);
  }

  absl::Status Complete() { return Await(onboarding_.Complete(tenant_)).status(); }

  const TenantId tenant_ = SampleTenantId("one");
  FakeTenantStore tenants_;
  FakeKeyCatalogue keys_;
  Onboarding onboarding_{tenants_, keys_};
};

TEST_F(OnboardingTest, CompletesWithTheThreeAiKeysAndEitherCarrier) {
  keys_.Save(Provider::kExotel);

  const absl::StatusOr<Tenant> completed = Await(onboarding_.Complete(tenant_));

  ASSERT_THAT(completed, IsOk());
  EXPECT_TRUE(completed->onboarded);
}

TEST_F(OnboardingTest, NamesEveryProviderThatIsMissing) {
  keys_.keys.clear();
  keys_.Save(Provider::kCartesia);

  const absl::Status refused = Complete();

  EXPECT_THAT(refused,
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kOnboardingIncomplete));
  EXPECT_EQ(Metadata(refused)["missing"], "anthropic,deepgram,twilio|exotel");
  EXPECT_THAT(Message(refused), HasSubstr("No Deepgram key is saved."));
  EXPECT_FALSE(tenants_.Get(tenant_).onboarded);
}

TEST_F(OnboardingTest, DoesNotTakeARejectedKeyForAKey) {
  keys_.Save(Provider::kTwilio);
  keys_.Save(Provider::kAnthropic, false);

  const absl::Status refused = Complete();

  EXPECT_EQ(Metadata(refused)["missing"], "anthropic");
  EXPECT_THAT(Message(refused), HasSubstr("rejected"));
}

TEST_F(OnboardingTest, StaysCompletedWhenAKeyIsRejectedLater) {
  keys_.Save(Provider::kTwilio);
  ASSERT_THAT(Complete(), IsOk());
  keys_.Save(Provider::kTwilio, false);

  EXPECT_THAT(Complete(), IsOk());
  EXPECT_TRUE(tenants_.Get(tenant_).onboarded);
}

TEST_F(OnboardingTest, NeverTakesSilenceOfKeyvaultForMissingKeys) {
  keys_.reachable = false;

  EXPECT_THAT(Complete(), StatusIs(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable));
  EXPECT_THAT(Await(onboarding_.Get(tenant_)),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable));
}

TEST_F(OnboardingTest, TellsTheStateOfEveryProvider) {
  keys_.Save(Provider::kCartesia, false);

  const absl::StatusOr<OnboardingState> state = Await(onboarding_.Get(tenant_));

  ASSERT_THAT(state, IsOk());
  std::vector<ProviderState> states;
  for (const ProviderOnboarding& provider : state->providers) states.push_back(provider.state);
  EXPECT_THAT(states, ElementsAre(ProviderState::kValidated, ProviderState::kInvalid,
                                  ProviderState::kValidated, ProviderState::kMissing,
                                  ProviderState::kMissing));
  EXPECT_EQ(state->missing_sentences.size(), 2U);
}

}  // namespace
}  // namespace latchkey::orchestrator
