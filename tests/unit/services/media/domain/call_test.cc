#include "services/media/domain/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"
#include "services/media/domain/settlement.h"
#include "tests/support/await.h"
#include "tests/support/media/call_fixture.h"

namespace latchkey::media {
namespace {

using State = CarrierCall::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TransferTest : public CallTest {
 protected:
  TransferTest() : CallTest(SpecWithDesk()) {}
  static CallSpec SpecWithDesk() {
    CallSpec spec = Spec();
    spec.agent.transfer_targets = {{.name = "desk", .e164 = "+14155550199"}};
    return spec;
  }
  // The model transfers, and says nothing itself.
  void Transfer() {
    Start();
    Answer();
    world_.stt.Say("The desk, please.");
    world_.carrier.call.state = State::kInProgress;
    world_.llm.Use({},
                   {{.id = "t1", .name = "transfer_call", .arguments = R"({"target":"desk"})"}});
    world_.tts.Synthesize(world_.tts.last_context());
    Pass(absl::Seconds(20));
  }
  // The carrier tells what became of it, and that the call is over.
  void End(TransferResult result) {
    call_.OnTransferResult(result);
    world_.carrier.call.state = State::kCompleted;
    call_.OnCarrierState(State::kCompleted);
    Pass(absl::Seconds(2));
  }
};

TEST_F(TransferTest, TheCarrierConnectsThemAndTheRecordIsOfTheWholeCall) {
  Transfer();
  ASSERT_EQ(world_.carrier.transferred.size(), 1u);
  EXPECT_EQ(world_.carrier.transferred[0].to, "+14155550199");
  EXPECT_EQ(world_.carrier.transferred[0].from, "+15550100");
  EXPECT_FALSE(over_);

  Pass(absl::Minutes(3));
  EXPECT_FALSE(over_);
  End(TransferResult::kConnected);

  ASSERT_TRUE(over_);
  EXPECT_EQ(world_.carrier.hang_ups, 0);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kCompleted);
  EXPECT_EQ(reports_.outcome->reason, reasons::kTransferred);
  EXPECT_EQ(reports_.outcome->message, "Transferred to desk.");
  EXPECT_GT(reports_.outcome->end_time - reports_.outcome->answer_time, absl::Minutes(3));
}

TEST_F(TransferTest, ALostCallbackDoesNotKeepTheCall) {
  Transfer();

  world_.carrier.call.state = State::kCompleted;
  Pass(absl::Seconds(15));

  EXPECT_TRUE(over_);
}

TEST_F(TransferTest, WhenNobodyWasReachedTheRecordSaysWhyAndWhatWasSaid) {
  Transfer();

  End(TransferResult::kBusy);

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kCompleted);
  EXPECT_EQ(reports_.outcome->reason, reasons::kTransferBusy);
  EXPECT_EQ(reports_.outcome->message, "desk was busy.");
  EXPECT_EQ(log_.All<UtteranceEvent>().back().text, lines::kTransferBusy);
}

TEST_F(TransferTest, WhoHangsUpBeforeTheDeskAnswersHasHungUp) {
  Transfer();

  End(TransferResult::kHungUp);

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, reasons::kCalleeHungUp);
}

TEST_F(TransferTest, AResultThatComesBehindTheEndStillCounts) {
  Transfer();
  world_.carrier.call.state = State::kCompleted;
  call_.OnCarrierState(State::kCompleted);
  Pass(absl::Seconds(1));
  EXPECT_FALSE(over_);

  End(TransferResult::kNoAnswer);

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, reasons::kTransferNoAnswer);
}

TEST_F(TransferTest, WhoeverEndsTheCallEndsItAfterTheTransferToo) {
  Transfer();

  call_.End("ended_by_tenant");
  Pass(absl::Seconds(2));

  ASSERT_TRUE(over_);
  EXPECT_EQ(world_.carrier.hang_ups, 1);
  EXPECT_EQ(reports_.outcome->reason, "ended_by_tenant");
}

TEST_F(TransferTest, WhenTheCarrierRefusesTheCalleeIsToldAndTheRecordSaysSo) {
  world_.carrier.transfer = Error(absl::StatusCode::kFailedPrecondition, "carrier_refused", "No.");

  Transfer();

  ASSERT_TRUE(over_);
  EXPECT_EQ(world_.carrier.said, lines::kApology);
  EXPECT_EQ(reports_.outcome->reason, reasons::kTransferFailed);
}

TEST_F(CallTest, ACallIsPlacedAnsweredAndClosedWithTheCarriersCount) {
  Start();
  Answer();
  world_.stream->OnStreamEnd(true);
  Pass(absl::Seconds(2));

  ASSERT_TRUE(over_);
  EXPECT_THAT(reports_.states,
              ElementsAre("placing/", "placing/CA1", "ringing/CA1", "answered/CA1"));
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kCompleted);
  EXPECT_EQ(reports_.outcome->reason, reasons::kCalleeHungUp);
  EXPECT_EQ(reports_.outcome->carrier_duration, absl::Seconds(42));
  EXPECT_EQ(world_.carrier.hang_ups, 0);
  EXPECT_EQ(log_.All<StateEvent>().back().state, "ended");
  EXPECT_EQ(log_.All<RecordingEvent>().size(), 1U);
  EXPECT_TRUE(world_.closed);
}

TEST_F(CallTest, ARefusalIsTheReasonOfTheRecord) {
  world_.carrier.place =
      Error(absl::StatusCode::kFailedPrecondition, "country_not_enabled", "Enable the country.");

  Start();
  Pass(absl::Seconds(1));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kFailed);
  EXPECT_EQ(reports_.outcome->reason, "country_not_enabled");
  EXPECT_EQ(reports_.outcome->message, "Enable the country.");
  EXPECT_EQ(reports_.outcome->answer_time, absl::InfinitePast());
}

TEST_F(CallTest, ALostAnswerIsLookedUpAndNeverRepeated) {
  world_.carrier.place =
      Error(absl::StatusCode::kDeadlineExceeded, reasons::kCarrierUnreachable, "");
  world_.carrier.found = std::string("CA7");

  Start();
  Answer();

  EXPECT_EQ(world_.carrier.places, 1);
  EXPECT_EQ(reports_.states.back(), "answered/CA7");
  world_.stream->OnStreamEnd(true);
  Pass(absl::Seconds(2));
}

TEST_F(CallTest, ACallThatIsNotYetInTheCarriersListIsLookedUpAgain) {
  world_.carrier.place = Error(absl::StatusCode::kUnavailable, reasons::kCarrierUnreachable, "");
  world_.carrier.found = std::string("CA7");
  world_.carrier.hidden = 2;

  Start();
  Pass(absl::Seconds(3));
  Answer();

  EXPECT_EQ(world_.carrier.places, 1);
  EXPECT_EQ(reports_.states.back(), "answered/CA7");
  world_.stream->OnStreamEnd(true);
  Pass(absl::Seconds(2));
}

TEST_F(CallTest, ALimitOfTheCarriersIsWaitedFor) {
  world_.carrier.limited = 2;

  Start();
  Pass(absl::Seconds(4));
  Answer();

  EXPECT_EQ(world_.carrier.places, 3);
  EXPECT_EQ(reports_.states.back(), "answered/CA1");
  world_.stream->OnStreamEnd(true);
  Pass(absl::Seconds(2));
}

TEST_F(CallTest, ALimitThatStaysIsTheReasonOfTheRecord) {
  world_.carrier.limited = 100;

  Start();
  Pass(absl::Seconds(5));

  ASSERT_TRUE(over_);
  EXPECT_EQ(world_.carrier.places, 3);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kFailed);
  EXPECT_EQ(reports_.outcome->reason, "limited");
}

TEST_F(CallTest, AHangUpThatFailsEndsTheStreamAndIsRepeated) {
  world_.carrier.hang_up_failures = 1;
  Start();
  Answer();
  call_.End("ended_by_tenant");
  Pass(absl::Seconds(3));

  ASSERT_TRUE(over_);
  EXPECT_EQ(world_.carrier.hang_ups, 2);
  EXPECT_TRUE(world_.leg.closed);
  EXPECT_EQ(reports_.outcome->reason, "ended_by_tenant");
}

TEST_F(CallTest, WithoutKeysNothingIsPlaced) {
  world_.refusal = Error(absl::StatusCode::kPermissionDenied, "ticket_expired", "Too late.");

  Start();
  Pass(absl::Seconds(1));

  ASSERT_TRUE(over_);
  EXPECT_EQ(world_.carrier.places, 0);
  EXPECT_EQ(reports_.outcome->reason, reasons::kKeysRefused);
}

TEST_F(CallTest, ABusyLineEndsTheCall) {
  Start();
  call_.OnCarrierState(State::kBusy);
  Pass(absl::Seconds(2));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kBusy);
  EXPECT_EQ(world_.carrier.hang_ups, 0);
}

TEST_F(CallTest, ACallThatRingsForEverIsGivenUp) {
  Start();
  Pass(absl::Seconds(50));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kNoAnswer);
  EXPECT_EQ(world_.carrier.hang_ups, 1);
}

TEST_F(CallTest, AnAnswerWithoutAStreamEndsWithTheCarriersApology) {
  Start();
  call_.OnCarrierState(State::kInProgress);
  Pass(absl::Seconds(7));
  EXPECT_EQ(world_.carrier.said, lines::kApology);
  call_.OnCarrierState(State::kCompleted);
  Pass(absl::Seconds(2));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, reasons::kStreamMissing);
  ASSERT_EQ(log_.All<UtteranceEvent>().size(), 1U);
  EXPECT_LT(log_.All<UtteranceEvent>()[0].end, absl::Seconds(8));
}

TEST_F(CallTest, ATenantsEndHangsUp) {
  Start();
  Answer();
  call_.End("ended_by_tenant");
  Pass(absl::Seconds(2));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, "ended_by_tenant");
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kCompleted);
  EXPECT_EQ(world_.carrier.hang_ups, 1);
}

TEST_F(CallTest, ACallThatDialerHasEndedMeanwhileIsCanceled) {
  reports_.ended = true;
  Start();
  Pass(absl::Seconds(2));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kCanceled);
  EXPECT_EQ(world_.carrier.hang_ups, 1);
}

TEST_F(CallTest, LostKeysEndTheCallWithAGoodbye) {
  Start();
  Answer();
  call_.LoseKeys(reasons::kKeysExpired);
  Pass(absl::Milliseconds(100));
  world_.tts.Synthesize(world_.tts.last_context());
  Pass(absl::Seconds(20));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, reasons::kKeysExpired);
  EXPECT_FALSE(world_.keys_wiped);
}

TEST_F(CallTest, RevokedKeysAreWipedBeforeTheGoodbye) {
  Start();
  Answer();
  call_.LoseKeys(reasons::kKeyRevoked);
  EXPECT_TRUE(world_.keys_wiped);
  call_.LoseKeys(reasons::kKeysExpired);  // It is over already; the first reason counts.
  Pass(absl::Milliseconds(100));
  world_.tts.Synthesize(world_.tts.last_context());
  Pass(absl::Seconds(20));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, reasons::kKeyRevoked);
  EXPECT_EQ(world_.carrier.hang_ups, 1);
}

TEST_F(CallTest, TheCarrierSaysTheApologyWhenTtsCannot) {
  Start();
  world_.tts.listener->OnTextToSpeechDown(ClassifyFailure(Party::kTextToSpeech, 401, ""));
  world_.stream->OnStreamStart();
  Pass(absl::Milliseconds(200));

  EXPECT_EQ(world_.carrier.said, lines::kApology);
  call_.OnCarrierState(State::kCompleted);
  Pass(absl::Seconds(2));
  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, "cartesia_rejected_key");
}

TEST_F(CallTest, TheRecordIsReportedUntilItIsTaken) {
  reports_.failures = 3;
  Start();
  call_.OnCarrierState(State::kNoAnswer);
  Pass(absl::Seconds(10));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.completes, 4);
}

TEST(SettlementTest, ALiveCallIsHungUpAndCountedByTheCarrier) {
  FakeCarrier carrier;
  carrier.call = {.state = State::kInProgress};
  SystemClock clock;

  const absl::StatusOr<Outcome> outcome =
      Await(Settle({.call_id = "call_1", .carrier_call_id = "CA1"}, carrier, clock));

  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(carrier.hang_ups, 1);
  EXPECT_EQ(outcome->disposition, Disposition::kCompleted);
  EXPECT_EQ(outcome->reason, reasons::kSettled);
}

TEST(SettlementTest, ACallThatTheCarrierDoesNotKnowWasNeverPlaced) {
  FakeCarrier carrier;
  SystemClock clock;

  const absl::StatusOr<Outcome> outcome = Await(Settle({.call_id = "call_1"}, carrier, clock));

  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->disposition, Disposition::kFailed);
  EXPECT_EQ(outcome->carrier_duration, absl::Seconds(-1));
}

}  // namespace
}  // namespace latchkey::media
