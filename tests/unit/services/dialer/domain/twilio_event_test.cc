#include "services/dialer/domain/twilio_event.h"

#include <gtest/gtest.h>

#include "services/dialer/domain/reasons.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

const absl::Time kNow = kIndianNoon;

provider::FormParameters Callback(const std::string& status) {
  return {{"CallSid", "CA1"},
          {"CallStatus", status},
          {"SequenceNumber", "2"},
          {"Timestamp", "Mon, 03 Aug 2026 06:31:00 +0000"}};
}

TEST(TwilioEventTest, AnAnswerIsCalledInProgress) {
  const auto event = ParseTwilioEvent(Callback("in-progress"), kNow);

  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->state, CallState::kAnswered);
  EXPECT_EQ(event->carrier_call_id, "CA1");
  EXPECT_EQ(event->sequence, 2);
  EXPECT_EQ(event->time, kNow + absl::Minutes(1));
}

TEST(TwilioEventTest, TheEndCountsSecondsNotBilledMinutes) {
  provider::FormParameters parameters = Callback("completed");
  parameters.emplace_back("CallDuration", "61");
  parameters.emplace_back("Duration", "2");

  const auto event = ParseTwilioEvent(parameters, kNow);

  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->state, CallState::kEnded);
  EXPECT_EQ(event->disposition, Disposition::kCompleted);
  EXPECT_EQ(event->answered_s, 61);
}

TEST(TwilioEventTest, EveryEndHasItsDisposition) {
  EXPECT_EQ(ParseTwilioEvent(Callback("busy"), kNow)->disposition, Disposition::kBusy);
  EXPECT_EQ(ParseTwilioEvent(Callback("no-answer"), kNow)->disposition, Disposition::kNoAnswer);
  EXPECT_EQ(ParseTwilioEvent(Callback("failed"), kNow)->disposition, Disposition::kFailed);
  EXPECT_EQ(ParseTwilioEvent(Callback("canceled"), kNow)->disposition, Disposition::kCanceled);
}

TEST(TwilioEventTest, WhatIsNoStatusCallbackIsRefused) {
  provider::FormParameters nameless = Callback("ringing");
  nameless[0].second = "";
  provider::FormParameters unnumbered = Callback("ringing");
  unnumbered[2].second = "two";
  for (const auto& parameters : {Callback("exploded"), Callback(""), nameless, unnumbered}) {
    EXPECT_THAT(ParseTwilioEvent(parameters, kNow),
                StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
  }
}

TEST(TwilioEventTest, WithoutATimeItHappenedNow) {
  provider::FormParameters parameters = Callback("ringing");
  parameters[3].second = "yesterday";
  EXPECT_EQ(ParseTwilioEvent(parameters, kNow)->time, kNow);
}

}  // namespace
}  // namespace latchkey::dialer
