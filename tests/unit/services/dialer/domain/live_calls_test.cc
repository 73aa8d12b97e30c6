#include "services/dialer/domain/live_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/dialer/fake_call_store.h"
#include "tests/support/dialer/fake_fleet_store.h"
#include "tests/support/dialer/fake_media_control.h"
#include "tests/support/dialer/fake_peers.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LiveCallsTest : public testing::Test {
 protected:
  LiveCallsTest() {
    const MediaInstance instance = SampleInstance("m1");
    EXPECT_THAT(Await(fleet_.Beat(instance)), IsOk());
    const Ceilings ceilings{.tenant = 10};
    EXPECT_THAT(Await(store_.Admit(call_, ceilings)), IsOk());
  }

  static CarrierRequest Callback(const std::string& status, const std::string& sequence) {
    CarrierRequest request;
    request.url = "https://latchkey.example/twilio/call_a/status";
    request.parameters = {{"CallSid", "CA1"},
                          {"CallStatus", status},
                          {"SequenceNumber", sequence},
                          {"CallDuration", "42"}};
    return request;
  }

  absl::StatusOr<Call> Take(const CarrierRequest& request) {
    return Await(live_.TakeCarrierEvent(call_.id, Provider::kTwilio, request));
  }

  absl::StatusOr<Call> Complete(const std::string& instance) {
    Outcome outcome;
    outcome.answer_time = kIndianNoon;
    outcome.end_time = kIndianNoon + absl::Seconds(42);
    return Await(live_.Complete(instance, call_.id, outcome));
  }

  Call Record() { return Await(store_.Find(call_.id)).value(); }

  const Call call_ = SampleCall();
  FakeFleetStore fleet_;
  FakeCallStore store_{fleet_};
  FakeMediaControl media_;
  FakeVerifier verifier_;
  SimulatedClock clock_{kIndianNoon};
  LiveCalls live_{store_, fleet_, media_, verifier_, clock_};
};

TEST_F(LiveCallsTest, TheInstanceThatRunsTheCallReportsItsProgress) {
  const Progress progress{CallState::kRinging, "CA1", kIndianNoon};

  const auto call = Await(live_.Report("m1", call_.id, progress));

  ASSERT_THAT(call, IsOk());
  EXPECT_EQ(call->state, CallState::kRinging);
  EXPECT_EQ(Record().carrier_call_id, "CA1");
}

TEST_F(LiveCallsTest, AnotherInstanceMayNeitherReportNorClose) {
  const Progress progress{CallState::kRinging, "CA1", kIndianNoon};

  EXPECT_THAT(Await(live_.Report("m2", call_.id, progress)),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCallForeign));
  EXPECT_THAT(Complete("m2"), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCallForeign));
  EXPECT_THAT(Complete(""), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCallForeign));
  EXPECT_EQ(Record().state, CallState::kQueued);
}

TEST_F(LiveCallsTest, AClosedCallIsMeteredOnceHoweverOftenItIsClosed) {
  ASSERT_THAT(Complete("m1"), IsOk());
  ASSERT_THAT(Complete("m1"), IsOk());

  EXPECT_THAT(store_.metered, ElementsAre("call_a"));
  EXPECT_EQ(Record().answered_s, 42);
}

TEST_F(LiveCallsTest, AGenuineCallbackCounts) {
  const auto call = Take(Callback("in-progress", "2"));

  ASSERT_THAT(call, IsOk());
  EXPECT_EQ(Record().state, CallState::kAnswered);
}

TEST_F(LiveCallsTest, AForgedCallbackChangesNothing) {
  verifier_.answer = false;

  EXPECT_THAT(Take(Callback("completed", "3")),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid));

  EXPECT_EQ(Record().state, CallState::kQueued);
  EXPECT_EQ(Record().carrier_sequence, -1);
  EXPECT_FALSE(Record().carrier_end.has_value());
}

TEST_F(LiveCallsTest, WhatBecameOfATransferIsVerifiedAndChangesNothing) {
  CarrierRequest request;
  request.url = "https://latchkey.example/m/m1/call_a/dialed";
  request.parameters = {
      {"CallSid", "CA1"}, {"CallStatus", "in-progress"}, {"DialCallStatus", "busy"}};

  EXPECT_THAT(Take(request), IsOk());
  EXPECT_EQ(Record().state, CallState::kQueued);

  verifier_.answer = false;
  EXPECT_THAT(Take(request),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid));
}

TEST_F(LiveCallsTest, ACallbackForAnotherCallsUrlIsForged) {
  CarrierRequest request = Callback("completed", "3");
  request.url = "https://latchkey.example/twilio/call_b/status";

  EXPECT_THAT(Take(request),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid));
  EXPECT_EQ(verifier_.asked, 0);
}

TEST_F(LiveCallsTest, ACallbackThatCannotBeVerifiedIsNotBelieved) {
  verifier_.answer = Error(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable, "Silence.");

  EXPECT_THAT(Take(Callback("completed", "3")),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable));
  EXPECT_FALSE(Record().carrier_end.has_value());
}

TEST_F(LiveCallsTest, TheCarriersWordAboutTheEndGivesTheClosedCallItsLength) {
  ASSERT_THAT(Take(Callback("completed", "3")), IsOk());
  Outcome outcome;
  outcome.answer_time = kIndianNoon;
  outcome.end_time = kIndianNoon + absl::Seconds(44);

  const auto call = Await(live_.Complete("m1", call_.id, outcome));

  ASSERT_THAT(call, IsOk());
  EXPECT_EQ(call->answered_s, 42);
}

TEST_F(LiveCallsTest, HangingUpGoesToTheInstance) {
  EXPECT_THAT(Await(live_.End(kSampleTenant, call_.id)), IsOk());
  EXPECT_THAT(media_.ended, ElementsAre("call_a"));
}

TEST_F(LiveCallsTest, ACallThatHasEndedIsNotHungUpAgain) {
  ASSERT_THAT(Complete("m1"), IsOk());

  const auto call = Await(live_.End(kSampleTenant, call_.id));

  ASSERT_THAT(call, IsOk());
  EXPECT_EQ(call->state, CallState::kEnded);
  EXPECT_THAT(media_.ended, IsEmpty());
}

TEST_F(LiveCallsTest, AnInstanceThatDoesNotAnswerCannotHangUp) {
  media_.end_answer = Error(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable, "Silence.");
  EXPECT_THAT(Await(live_.End(kSampleTenant, call_.id)),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable));
}

TEST_F(LiveCallsTest, AnotherTenantSeesNothingAndEndsNothing) {
  const TenantId other = TenantId::Parse("tnt_other").value();

  EXPECT_THAT(Await(live_.Get(other, call_.id)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
  EXPECT_THAT(Await(live_.End(other, call_.id)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
  EXPECT_TRUE(Await(live_.List(other, std::nullopt, 10))->calls.empty());
  EXPECT_THAT(media_.ended, IsEmpty());
}

TEST_F(LiveCallsTest, PagesFollowEachOtherNewestFirst) {
  for (const char* id : {"call_b", "call_c"}) {
    Call call = SampleCall(id);
    call.create_time += absl::Seconds(id[5]);
    const Ceilings ceilings{.tenant = 10};
    ASSERT_THAT(Await(store_.Admit(call, ceilings)), IsOk());
  }

  const auto first = Await(live_.List(kSampleTenant, std::nullopt, 2));
  ASSERT_TRUE(first->next.has_value());
  const auto second = Await(live_.List(kSampleTenant, first->next, 2));

  EXPECT_EQ(first->calls[0].id.text(), "call_c");
  EXPECT_EQ(first->calls[1].id.text(), "call_b");
  ASSERT_EQ(second->calls.size(), 1u);
  EXPECT_EQ(second->calls[0].id.text(), "call_a");
  EXPECT_FALSE(second->next.has_value());
}

class InboundEventTest : public LiveCallsTest {
 protected:
  InboundEventTest() {
    const Ceilings ceilings{.tenant = 10};
    EXPECT_THAT(Await(store_.Admit(inbound_, ceilings)), IsOk());
  }

  static Call Inbound() {
    Call call = SampleCall("call_i");
    call.direction = Direction::kInbound;
    call.carrier_call_id = "CA9";
    return call;
  }
  static CarrierRequest Event(const std::string& sid = "CA9") {
    CarrierRequest request;
    request.url = "https://latchkey.example/carrier/twilio/inbound/status";
    request.parameters = {{"CallSid", sid}, {"CallStatus", "completed"}, {"CallDuration", "3"}};
    return request;
  }
  absl::StatusOr<Call> TakeAt(const std::string& reporter, const CarrierRequest& request) {
    return Await(live_.TakeInboundEvent(reporter, Provider::kTwilio, request));
  }

  const Call inbound_ = Inbound();
};

TEST_F(InboundEventTest, TheCarriersNameFindsTheCallAndItsInstanceIsTold) {
  const auto call = TakeAt("m2", Event());

  ASSERT_THAT(call, IsOk());
  EXPECT_EQ(call->id, inbound_.id);
  ASSERT_TRUE(call->carrier_end.has_value());
  EXPECT_THAT(media_.ended, ElementsAre("call_i"));
}

TEST_F(InboundEventTest, TheReporterItselfKnows) {
  EXPECT_THAT(TakeAt("m1", Event()), IsOk());
  EXPECT_THAT(media_.ended, IsEmpty());
}

TEST_F(InboundEventTest, AnAnsweredCallHearsOfItsEndByTheStream) {
  const Progress answered{CallState::kAnswered, "CA9", kIndianNoon};
  ASSERT_THAT(Await(live_.Report("m1", inbound_.id, answered)), IsOk());

  EXPECT_THAT(TakeAt("m2", Event()), IsOk());

  EXPECT_THAT(media_.ended, IsEmpty());
}

TEST_F(InboundEventTest, AForgedOneChangesNothing) {
  verifier_.answer = false;

  EXPECT_THAT(TakeAt("m2", Event()),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid));

  EXPECT_FALSE(Await(store_.Find(inbound_.id))->carrier_end.has_value());
  EXPECT_THAT(media_.ended, IsEmpty());
}

TEST_F(InboundEventTest, ACallThatWePlacedIsNotFoundByIt) {
  EXPECT_THAT(TakeAt("m1", Event("CA1")),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
}

}  // namespace
}  // namespace latchkey::dialer
