#include "services/dialer/domain/admit_inbound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/dialer/fake_call_store.h"
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

class AdmitInboundTest : public testing::Test {
 protected:
  AdmitInboundTest() {
    directory_.lines[kSampleNumber] = SampleLine();
    keys_.keys = AllKeys(kSampleTenant);
    Beat("m1");
    Beat("m2");
  }

  void Beat(const std::string& name, bool draining = false) {
    MediaInstance instance = SampleInstance(name, clock_.now);
    instance.draining = draining;
    EXPECT_THAT(Await(fleet_.Beat(instance)), IsOk());
  }

  InboundAsk Webhook(const std::string& instance = "m1", bool has_room = true) {
    InboundAsk ask;
    ask.webhook.url = "https://voice.example/carrier/twilio/inbound";
    ask.webhook.parameters = {{"CallSid", sid_}, {"From", "+14155550142"}, {"To", called_}};
    ask.instance = instance;
    ask.incarnation = "first";
    ask.has_room = has_room;
    return ask;
  }
  absl::StatusOr<InboundAnswer> Admit(const InboundAsk& ask) {
    return Await(admitting_.Admit(ask));
  }
  absl::StatusOr<InboundAnswer> Admit(const std::string& instance = "m1", bool has_room = true) {
    return Admit(Webhook(instance, has_room));
  }
  std::vector<Call> Calls() { return Await(store_.List(kSampleTenant, {}, 100)).value(); }
  void Change(const std::string& id, const std::function<void(Call&)>& change) {
    const Transition transition = [&](Call& call) {
      change(call);
      return absl::OkStatus();
    };
    const CallId call_id = CallId::Parse(id).value();
    EXPECT_THAT(Await(store_.Update(call_id, transition)), IsOk());
  }
  // The one record, of a call that was refused for `reason`.
  void ExpectRefused(const absl::StatusOr<InboundAnswer>& answer, std::string_view reason) {
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(answer->refusal, reason);
    EXPECT_FALSE(answer->run.has_value());
    EXPECT_EQ(answer->stream_url, "");
    ASSERT_EQ(Calls().size(), 1u);
    EXPECT_EQ(Calls()[0].id.text(), answer->call_id);
    EXPECT_EQ(Calls()[0].state, CallState::kEnded);
    EXPECT_EQ(Calls()[0].disposition, Disposition::kFailed);
    EXPECT_EQ(Calls()[0].reason, reason);
    EXPECT_EQ(Calls()[0].answered_s, 0);
  }

  std::string sid_ = "CA1";
  std::string called_ = "+911140000000";
  FakeDirectory directory_;
  FakeKeyFacts keys_;
  FakePricing pricing_;
  FakeVerifier verifier_;
  FakeFleetStore fleet_;
  FakeCallStore store_{fleet_};
  FakeMediaControl media_;
  FakeSigner signer_;
  ImpatientClock clock_;
  SeededRandom random_;
  phone::LibphonenumberPlan plan_;
  LineAdmission admission_{keys_, pricing_, plan_};
  Handover handover_{store_, media_, signer_, clock_, random_};
  AdmitInbound admitting_{
      InboundPorts{directory_, verifier_, admission_, fleet_, store_, handover_, clock_, random_}};
};

absl::Status Full() {
  return Error(absl::StatusCode::kResourceExhausted, "instance_full", "Full.");
}
absl::Status NoAnswer() {
  return Error(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable, "Silence.");
}

TEST_F(AdmitInboundTest, TheInstanceThatWasAskedRunsTheCall) {
  const auto answer = Admit("m2");

  ASSERT_THAT(answer, IsOk());
  ASSERT_TRUE(answer->run.has_value());
  const Call& call = answer->run->call;
  EXPECT_EQ(call.direction, Direction::kInbound);
  EXPECT_EQ(call.from, "+14155550142");
  EXPECT_EQ(call.to, "+911140000000");
  EXPECT_EQ(call.carrier_call_id, "CA1");
  EXPECT_EQ(call.media_instance, "m2");
  EXPECT_EQ(call.rate.per_minute.micros, 400'000);
  ASSERT_EQ(signer_.signed_terms.size(), 1u);
  EXPECT_EQ(signer_.signed_terms[0].call, call.id);
  EXPECT_EQ(signer_.signed_terms[0].media_instance, "m2");
  EXPECT_EQ(signer_.signed_terms[0].grants.size(), 4u);
  ASSERT_EQ(Calls().size(), 1u);
  EXPECT_EQ(Calls()[0].state, CallState::kQueued);
  EXPECT_THAT(media_.offered, IsEmpty());
}

TEST_F(AdmitInboundTest, AForgedWebhookCostsOneCheckAndLeavesNothing) {
  verifier_.answer = false;

  EXPECT_THAT(Admit(),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid));

  EXPECT_EQ(verifier_.asked, 1);
  EXPECT_THAT(Calls(), IsEmpty());
  EXPECT_THAT(signer_.signed_terms, IsEmpty());
}

TEST_F(AdmitInboundTest, AnUnreachableVaultIsNoVerdict) {
  verifier_.answer = NoAnswer();
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable));
  EXPECT_THAT(Calls(), IsEmpty());
}

TEST_F(AdmitInboundTest, ANumberOfNobodyIsRefusedWithoutARecord) {
  called_ = "+911140000009";

  const auto answer = Admit();

  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->refusal, reasons::kNumberNotFound);
  EXPECT_EQ(answer->call_id, "");
  EXPECT_EQ(verifier_.asked, 0);
}

TEST_F(AdmitInboundTest, ATenantThatIsNotReadyIsRefusedOnRecord) {
  directory_.lines[kSampleNumber].tenant.onboarded = false;
  ExpectRefused(Admit(), reasons::kOnboardingIncomplete);
}

TEST_F(AdmitInboundTest, AMissingKeyIsRefusedOnRecord) {
  keys_.keys.erase(keys_.keys.begin());
  ExpectRefused(Admit(), reasons::kKeyMissing);
}

TEST_F(AdmitInboundTest, WithoutAPriceThereIsNoCall) {
  pricing_.answer = Error(absl::StatusCode::kFailedPrecondition, reasons::kRateMissing, "No.");
  ExpectRefused(Admit(), reasons::kRateMissing);
}

TEST_F(AdmitInboundTest, WithoutRoomAnywhereTheFleetIsFull) {
  Beat("m2", true);
  ExpectRefused(Admit("m1", false), reasons::kFleetFull);
}

TEST_F(AdmitInboundTest, TheTenantsCeilingHoldsAndTheRefusedCallDoesNotCount) {
  directory_.lines[kSampleNumber].tenant.rules.concurrent_calls_max = 1;
  const auto first = Admit();
  ASSERT_TRUE(first->run.has_value());
  sid_ = "CA2";

  const auto second = Admit();

  EXPECT_EQ(second->refusal, reasons::kTenantConcurrency);
  EXPECT_EQ(Calls().size(), 2u);
  Change(first->call_id, [](Call& call) { Close(call, Outcome()); });
  sid_ = "CA3";
  EXPECT_TRUE(Admit()->run.has_value());
}

TEST_F(AdmitInboundTest, AnInstanceWithoutRoomIsToldWhereAnotherOneTakesTheStream) {
  const auto answer = Admit("m1", false);

  ASSERT_THAT(answer, IsOk());
  ASSERT_EQ(Calls().size(), 1u);
  EXPECT_EQ(Calls()[0].media_instance, "m2");
  EXPECT_EQ(answer->stream_url, FakeMediaControl::StreamUrl("m2", Calls()[0]));
  EXPECT_EQ(signer_.signed_terms.back().media_instance, "m2");
}

TEST_F(AdmitInboundTest, WhenTheOthersRefuseTooTheCallIsOnRecordAsRefused) {
  media_.start_answers["m2"] = Full();

  ExpectRefused(Admit("m1", false), reasons::kFleetFull);
  EXPECT_THAT(media_.offered, ElementsAre("m2"));

  EXPECT_EQ(Admit("m1", false)->refusal, reasons::kFleetFull);
  EXPECT_EQ(Calls().size(), 1u);
}

TEST_F(AdmitInboundTest, ARepeatedWebhookGetsTheSameCall) {
  const auto first = Admit();
  const auto again = Admit();

  ASSERT_TRUE(again->run.has_value());
  EXPECT_EQ(again->run->call.id, first->run->call.id);
  EXPECT_EQ(Calls().size(), 1u);
  EXPECT_EQ(verifier_.asked, 2);
}

TEST_F(AdmitInboundTest, ARepetitionAtAnotherInstanceGetsTheStreamOfTheFirst) {
  const auto first = Admit("m1");

  const auto again = Admit("m2");

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->stream_url, FakeMediaControl::StreamUrl("m1", first->run->call));
  EXPECT_EQ(Calls().size(), 1u);
  EXPECT_THAT(media_.offered, ElementsAre("m1"));
}

TEST_F(AdmitInboundTest, ACallThatItsInstanceCouldNotTakeAfterAllIsGivenToAnother) {
  const auto first = Admit("m1");

  const auto again = Admit("m1", false);

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->call_id, first->call_id);
  EXPECT_EQ(again->stream_url, FakeMediaControl::StreamUrl("m2", first->run->call));
  ASSERT_EQ(Calls().size(), 1u);
  EXPECT_EQ(Calls()[0].media_instance, "m2");
}

TEST_F(AdmitInboundTest, ACallOfADeadInstanceThatNobodyTookIsTakenOver) {
  ASSERT_TRUE(Admit("m1")->run.has_value());
  clock_.now += absl::Seconds(11);
  Beat("m2");

  const auto again = Admit("m2");

  ASSERT_THAT(again, IsOk());
  ASSERT_TRUE(again->run.has_value());
  EXPECT_EQ(Calls()[0].media_instance, "m2");
  EXPECT_THAT(media_.offered, IsEmpty());
}

TEST_F(AdmitInboundTest, ACallThatRanOnADeadInstanceIsLeftToSettlement) {
  const auto first = Admit("m1");
  Change(first->call_id, [](Call& call) { call.state = CallState::kAnswered; });
  clock_.now += absl::Seconds(11);
  Beat("m2");

  const auto again = Admit("m2");

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->refusal, reasons::kMediaLost);
  EXPECT_EQ(Calls()[0].state, CallState::kAnswered);
  EXPECT_EQ(Calls()[0].media_instance, "m1");
}

TEST_F(AdmitInboundTest, ACallOfUnknownFateIsGivenToNobodyElse) {
  Beat("m3");
  media_.start_answers["m2"] = NoAnswer();
  media_.start_answers["m3"] = NoAnswer();

  EXPECT_THAT(Admit("m1", false),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable));

  EXPECT_THAT(media_.offered, ElementsAre("m2", "m2", "m2"));
  ASSERT_EQ(Calls().size(), 1u);
  EXPECT_EQ(Calls()[0].state, CallState::kQueued);
}

TEST_F(AdmitInboundTest, ARefusedCallIsRefusedAgainForTheSameReason) {
  keys_.keys.erase(keys_.keys.begin());
  ASSERT_THAT(Admit(), IsOk());
  keys_.keys = AllKeys(kSampleTenant);

  ExpectRefused(Admit("m2"), reasons::kKeyMissing);
}

TEST_F(AdmitInboundTest, AWebhookOfACallThatIsOverStartsNothing) {
  const auto first = Admit();
  Change(first->call_id, [](Call& call) { Close(call, Outcome()); });

  EXPECT_EQ(Admit()->refusal, reasons::kCallOver);
  EXPECT_EQ(Calls().size(), 1u);
}

}  // namespace
}  // namespace latchkey::dialer
