#include "services/dialer/domain/call_record.h"

#include <gtest/gtest.h>

#include "services/dialer/domain/reasons.h"
#include "tests/support/dialer/sample_line.h"

namespace latchkey::dialer {
namespace {

const absl::Time kStart = kIndianNoon;

CarrierEvent Event(int64_t sequence, CallState state, int second) {
  CarrierEvent event;
  event.carrier_call_id = "CA1";
  event.sequence = sequence;
  event.state = state;
  event.time = kStart + absl::Seconds(second);
  return event;
}

CarrierEvent EndEvent(int64_t sequence, Disposition disposition, int64_t answered_s) {
  CarrierEvent event = Event(sequence, CallState::kEnded, 60);
  event.disposition = disposition;
  event.answered_s = answered_s;
  return event;
}

Outcome Completed(absl::Duration answered) {
  Outcome outcome;
  outcome.disposition = Disposition::kCompleted;
  outcome.answer_time = kStart;
  outcome.end_time = kStart + answered;
  return outcome;
}

TEST(CallRecordTest, ProgressMovesForwardAndNeverBack) {
  Call call = SampleCall();
  Advance(call, CallState::kRinging, kStart, "CA1");
  Advance(call, CallState::kPlacing, kStart, "");

  EXPECT_EQ(call.state, CallState::kRinging);
  EXPECT_EQ(call.carrier_call_id, "CA1");
}

TEST(CallRecordTest, TheFirstAnswerCounts) {
  Call call = SampleCall();
  Advance(call, CallState::kAnswered, kStart + absl::Seconds(5), "CA1");
  Advance(call, CallState::kAnswered, kStart + absl::Seconds(9), "CA1");

  EXPECT_EQ(call.answer_time, kStart + absl::Seconds(5));
}

TEST(CallRecordTest, NothingChangesACallThatHasEnded) {
  Call call = SampleCall();
  Close(call, Completed(absl::Seconds(30)));

  Advance(call, CallState::kAnswered, kStart, "CA9");
  Apply(call, EndEvent(9, Disposition::kFailed, 99));
  Outcome second = Completed(absl::Seconds(90));
  second.reason = "late";
  Close(call, second);

  EXPECT_EQ(call.state, CallState::kEnded);
  EXPECT_EQ(call.answered_s, 30);
  EXPECT_EQ(call.reason, "");
  EXPECT_FALSE(call.carrier_end.has_value());
}

TEST(CallRecordTest, CarrierEventsCountInTheirSequenceAndOnce) {
  Call call = SampleCall();
  Apply(call, Event(2, CallState::kAnswered, 12));
  Apply(call, Event(1, CallState::kRinging, 3));    // Overtaken.
  Apply(call, Event(2, CallState::kAnswered, 44));  // Told again.

  EXPECT_EQ(call.state, CallState::kAnswered);
  EXPECT_EQ(call.answer_time, kStart + absl::Seconds(12));
}

TEST(CallRecordTest, AnEventOfAnotherCallOfTheCarriersChangesNothing) {
  Call call = SampleCall();
  call.carrier_call_id = "CA2";

  Apply(call, Event(0, CallState::kAnswered, 1));

  EXPECT_EQ(call.state, CallState::kQueued);
  EXPECT_EQ(call.carrier_sequence, -1);
}

TEST(CallRecordTest, TheCarriersEndIsNotedButDoesNotCloseTheRecord) {
  Call call = SampleCall();
  Apply(call, EndEvent(3, Disposition::kBusy, 0));

  EXPECT_NE(call.state, CallState::kEnded);
  ASSERT_TRUE(call.carrier_end.has_value());
  EXPECT_EQ(call.carrier_end->disposition, Disposition::kBusy);
}

TEST(CallRecordTest, AnsweredTimeIsRoundedUpToWholeSeconds) {
  Call call = SampleCall();
  Close(call, Completed(absl::Milliseconds(30'001)));
  EXPECT_EQ(call.answered_s, 31);
}

TEST(CallRecordTest, TheCarriersCountWinsOverTheTimes) {
  Call noted = SampleCall();
  Apply(noted, EndEvent(3, Disposition::kCompleted, 28));
  Close(noted, Completed(absl::Seconds(30)));
  EXPECT_EQ(noted.answered_s, 28);

  Call asked = SampleCall();
  Outcome outcome = Completed(absl::Seconds(30));
  outcome.carrier_answered_s = 27;
  Close(asked, outcome);
  EXPECT_EQ(asked.answered_s, 27);
}

TEST(CallRecordTest, NobodyPaysForACallThatNobodyAnswered) {
  Call call = SampleCall();
  Outcome outcome;
  outcome.disposition = Disposition::kNoAnswer;
  outcome.end_time = kStart + absl::Seconds(30);
  outcome.carrier_answered_s = 30;

  Close(call, outcome);

  EXPECT_EQ(call.answered_s, 0);
}

TEST(CallRecordTest, AnEndBeforeTheAnswerIsNoTimeAtAll) {
  Call call = SampleCall();
  Close(call, Completed(absl::Seconds(-3)));
  EXPECT_EQ(call.answered_s, 0);
}

TEST(CallRecordTest, ALostCallIsClosedByTheCarriersWord) {
  Call call = SampleCall();
  Apply(call, Event(1, CallState::kAnswered, 10));
  Apply(call, EndEvent(2, Disposition::kCompleted, 50));

  Close(call, OutcomeByCarrier(call));

  EXPECT_EQ(call.disposition, Disposition::kCompleted);
  EXPECT_EQ(call.answered_s, 50);
  EXPECT_EQ(call.end_time, kStart + absl::Seconds(60));
  EXPECT_EQ(call.reason, reasons::kMediaLost);
}

TEST(CallRecordTest, AnInboundCallInWhichNoAgentSpokeCostsNothing) {
  Call call = SampleCall();
  call.direction = Direction::kInbound;
  call.carrier_call_id = "CA1";
  Outcome outcome = Completed(absl::Seconds(4));
  outcome.answer_time.reset();
  outcome.carrier_answered_s = 4;

  Close(call, outcome);

  EXPECT_EQ(call.disposition, Disposition::kCompleted);
  EXPECT_EQ(call.answered_s, 0);
}

TEST(CallRecordTest, AnInboundCallThatWasAnsweredCostsWhatTheCarrierCounts) {
  Call call = SampleCall();
  call.direction = Direction::kInbound;
  Advance(call, CallState::kAnswered, kStart, "CA1");
  Outcome outcome = Completed(absl::Seconds(4));
  outcome.answer_time.reset();
  outcome.carrier_answered_s = 5;

  Close(call, outcome);

  EXPECT_EQ(call.answered_s, 5);
}

}  // namespace
}  // namespace latchkey::dialer
