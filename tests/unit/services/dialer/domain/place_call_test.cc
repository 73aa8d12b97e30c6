#include "services/dialer/domain/place_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/dialer/fake_call_store.h"
#include "tests/support/dialer/fake_dnc_list.h"
#include "tests/support/dialer/fake_fleet_store.h"
#include "tests/support/dialer/fake_media_control.h"
#include "tests/support/dialer/fake_peers.h"
#include "tests/support/dialer/impatient_clock.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PlaceCallTest : public testing::Test {
 protected:
  PlaceCallTest() {
    directory_.lines[kSampleNumber] = SampleLine();
    keys_.keys = AllKeys(kSampleTenant);
    Beat("m1");
  }

  void Beat(const std::string& name) {
    const MediaInstance instance = SampleInstance(name);
    EXPECT_THAT(Await(fleet_.Beat(instance)), IsOk());
  }

  absl::StatusOr<Call> Place(const std::string& request_id = "r1",
                             const std::string& to = "+919812345678") {
    const Order order{request_id, kSampleTenant, kSampleNumber, E164::Parse(to).value()};
    return Await(placing_.Place(order));
  }

  int CallCount() { return static_cast<int>(Await(store_.List(kSampleTenant, {}, 100))->size()); }

  FakeDirectory directory_;
  FakeKeyFacts keys_;
  FakePricing pricing_;
  FakeDncList dnc_;
  FakeFleetStore fleet_;
  FakeCallStore store_{fleet_};
  FakeMediaControl media_;
  FakeSigner signer_;
  phone::LibphonenumberPlan plan_;
  phone::Zones zones_ = phone::Zones::Load().value();
  ImpatientClock clock_;
  SeededRandom random_;
  LineAdmission admission_{keys_, pricing_, plan_};
  Handover handover_{store_, media_, signer_, clock_, random_};
  PlaceCall placing_{PlacingPorts{directory_, admission_, dnc_, fleet_, store_, handover_, plan_,
                                  zones_, clock_, random_}};
};

absl::Status InstanceFull() {
  return Error(absl::StatusCode::kResourceExhausted, "instance_full", "Full.");
}

absl::Status NoAnswer() {
  return Error(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable, "Silence.");
}

TEST_F(PlaceCallTest, AnAdmittedCallIsWrittenDownAndGivenToAnInstanceWithItsTicket) {
  const auto call = Place();

  ASSERT_THAT(call, IsOk());
  EXPECT_EQ(call->state, CallState::kQueued);
  EXPECT_EQ(call->media_instance, "m1");
  EXPECT_EQ(call->rate.per_minute.micros, 400'000);
  EXPECT_THAT(media_.offered, ElementsAre("m1"));
  ASSERT_EQ(signer_.signed_terms.size(), 1u);
  EXPECT_EQ(signer_.signed_terms[0].call, call->id);
  EXPECT_EQ(signer_.signed_terms[0].grants.size(), 4u);
}

TEST_F(PlaceCallTest, ARepeatedRequestGetsTheSameCallAndStartsNothing) {
  const auto first = Place();
  const auto second = Place();

  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->id, first->id);
  EXPECT_THAT(media_.offered, ElementsAre("m1"));
}

TEST_F(PlaceCallTest, ARequestIdOfAnotherCallIsRefused) {
  ASSERT_THAT(Place("r1", "+919812345678"), IsOk());
  EXPECT_THAT(Place("r1", "+919812345679"),
              StatusIs(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused));
}

TEST_F(PlaceCallTest, ANumberOnTheListIsNotCalled) {
  const E164 listed = E164::Parse("+919812345678").value();
  ASSERT_THAT(Await(dnc_.Add(kSampleTenant, listed)), IsOk());

  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kOnDncList));
  EXPECT_EQ(CallCount(), 0);
}

TEST_F(PlaceCallTest, AMissingKeyIsNamedAndNothingIsStarted) {
  keys_.keys.erase(keys_.keys.begin());

  const auto call = Place();

  EXPECT_THAT(call, StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kKeyMissing));
  EXPECT_EQ(Metadata(call.status())["provider"], "deepgram");
  EXPECT_THAT(media_.offered, IsEmpty());
}

TEST_F(PlaceCallTest, TheModeIsFixedAtAdmissionAndAChangeCountsFromTheNextCallOn) {
  Line& line = directory_.lines[kSampleNumber];
  line.tenant.plan = "pro";
  line.tenant.byok = false;
  line.number.agent.pipeline = Pipeline::kRealtime;
  KeyFacts of_number = KeyOf(Provider::kOpenai, kSampleTenant);
  of_number.scope.number = kSampleNumber;
  keys_.keys = {KeyOf(Provider::kTwilio, kSampleTenant), KeyOf(Provider::kOpenai, PlatformTenant()),
                of_number};
  pricing_.answer = Rate{"pro-number-key-usd", Money{"USD", 100'000}, 1};
  const auto running = Place("r1");
  ASSERT_THAT(running, IsOk());

  keys_.keys.pop_back();
  pricing_.answer = Rate{"pro-bundled-usd", Money{"USD", 400'000}, 1};
  const auto next = Place("r2");

  ASSERT_THAT(next, IsOk());
  EXPECT_THAT(pricing_.asked, ElementsAre(BillingMode::kByokNumber, BillingMode::kBundled));
  EXPECT_EQ(next->rate.per_minute.micros, 400'000);
  const auto kept = Await(store_.Find(running->id));
  EXPECT_EQ(kept->mode, BillingMode::kByokNumber);
  EXPECT_EQ(kept->rate.per_minute.micros, 100'000);
}

TEST_F(PlaceCallTest, WithoutAPriceThereIsNoCall) {
  pricing_.answer = Error(absl::StatusCode::kFailedPrecondition, reasons::kRateMissing, "No.");
  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kRateMissing));
}

TEST_F(PlaceCallTest, AnUnreachableVaultIsNoVerdictOnTheKeys) {
  keys_.failure = NoAnswer();
  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable));
}

TEST_F(PlaceCallTest, TheTenantsCeilingHolds) {
  directory_.lines[kSampleNumber].tenant.rules.concurrent_calls_max = 1;
  ASSERT_THAT(Place("r1"), IsOk());
  EXPECT_THAT(Place("r2"),
              StatusIs(absl::StatusCode::kResourceExhausted, reasons::kTenantConcurrency));
}

TEST_F(PlaceCallTest, TheAnthropicAccountsCeilingHolds) {
  keys_.keys[1].call_ceiling = 2;
  ASSERT_THAT(Place("r1"), IsOk());
  ASSERT_THAT(Place("r2"), IsOk());
  EXPECT_THAT(Place("r3"),
              StatusIs(absl::StatusCode::kResourceExhausted, reasons::kTenantConcurrency));
}

TEST_F(PlaceCallTest, WithoutALiveInstanceTheFleetIsFull) {
  clock_.now += absl::Seconds(10);
  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kResourceExhausted, reasons::kFleetFull));
}

TEST_F(PlaceCallTest, AnInstanceThatRefusesIsFollowedByAnother) {
  Beat("m2");
  media_.start_answers["m1"] = InstanceFull();

  const auto call = Place();

  ASSERT_THAT(call, IsOk());
  EXPECT_THAT(media_.offered, ElementsAre("m1", "m2"));
  EXPECT_EQ(Await(store_.Find(call->id))->media_instance, "m2");
  EXPECT_EQ(signer_.signed_terms.back().media_instance, "m2");
}

TEST_F(PlaceCallTest, WhenAllRefuseNothingIsLeftBehindAndTheRequestMayBeRepeated) {
  media_.start_answers["m1"] = InstanceFull();
  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kResourceExhausted, reasons::kFleetFull));
  EXPECT_EQ(CallCount(), 0);

  media_.start_answers.clear();
  EXPECT_THAT(Place(), IsOk());
}

TEST_F(PlaceCallTest, ACallOfUnknownFateIsNeverGivenToAnotherInstance) {
  Beat("m2");
  media_.start_answers["m1"] = NoAnswer();

  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable));

  EXPECT_THAT(media_.offered, ElementsAre("m1", "m1", "m1"));
  EXPECT_EQ(CallCount(), 1);
  EXPECT_THAT(Place(), IsOk());  // The same request: the call that is on record.
  EXPECT_EQ(CallCount(), 1);
}

}  // namespace
}  // namespace latchkey::dialer
