#include "services/dialer/domain/configure_number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/dialer/fake_fleet_store.h"
#include "tests/support/dialer/fake_media_control.h"
#include "tests/support/dialer/fake_peers.h"
#include "tests/support/dialer/impatient_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ConfigureNumberTest : public testing::Test {
 protected:
  ConfigureNumberTest() {
    directory_.lines[kSampleNumber] = SampleLine();
    keys_.keys = AllKeys(kSampleTenant);
    const MediaInstance instance = SampleInstance();
    EXPECT_THAT(Await(fleet_.Beat(instance)), IsOk());
  }

  absl::Status Configure() { return Await(configuring_.Configure(kSampleTenant, kSampleNumber)); }

  FakeDirectory directory_;
  FakeKeyFacts keys_;
  FakePricing pricing_;
  FakeFleetStore fleet_;
  FakeMediaControl media_;
  FakeSigner signer_;
  ImpatientClock clock_;
  SeededRandom random_;
  phone::LibphonenumberPlan plan_;
  LineAdmission admission_{keys_, pricing_, plan_};
  ConfigureNumber configuring_{directory_, admission_, fleet_, media_, signer_, clock_, random_};
};

TEST_F(ConfigureNumberTest, AnInstanceIsGivenTheCarriersKeyAloneAndTellsTheCarrier) {
  ASSERT_THAT(Configure(), IsOk());

  EXPECT_THAT(media_.configured, ElementsAre("m1 +911140000000"));
  ASSERT_EQ(signer_.signed_terms.size(), 1u);
  const TicketTerms& terms = signer_.signed_terms[0];
  EXPECT_EQ(terms.purpose, TicketPurpose::kSetup);
  EXPECT_EQ(terms.media_instance, "m1");
  EXPECT_EQ(terms.grants, (std::vector<KeyGrant>{{Provider::kTwilio, {kSampleTenant, {}}}}));
  EXPECT_LE(terms.lease_until, clock_.now + absl::Minutes(1));
}

TEST_F(ConfigureNumberTest, TheTenantNeedsNoKeyButTheCarriers) {
  directory_.lines[kSampleNumber].tenant.onboarded = false;
  keys_.keys = {KeyOf(Provider::kTwilio, kSampleTenant)};
  EXPECT_THAT(Configure(), IsOk());
}

TEST_F(ConfigureNumberTest, WithoutTheCarriersKeyNobodyIsAsked) {
  keys_.keys.pop_back();
  EXPECT_THAT(Configure(), StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kKeyMissing));
  EXPECT_THAT(media_.configured, IsEmpty());
}

TEST_F(ConfigureNumberTest, WithoutALiveInstanceItIsForLater) {
  clock_.now += absl::Seconds(10);
  EXPECT_THAT(Configure(), StatusIs(absl::StatusCode::kResourceExhausted, reasons::kFleetFull));
}

TEST_F(ConfigureNumberTest, WhatTheCarrierRefusesIsPassedOn) {
  media_.configure_answer =
      Error(absl::StatusCode::kFailedPrecondition, "number_not_owned", "Not this account's.");
  EXPECT_THAT(Configure(), StatusIs(absl::StatusCode::kFailedPrecondition, "number_not_owned"));
}

}  // namespace
}  // namespace latchkey::dialer
