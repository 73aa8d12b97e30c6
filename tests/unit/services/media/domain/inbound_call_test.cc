// An inbound call, from the carrier's webhook to the record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"
#include "tests/support/media/call_fixture.h"

namespace latchkey::media {
namespace {

using State = CarrierCall::State;
using ::testing::ElementsAre;

// A person calls: the carrier has our instructions when the call begins.
class InboundCallTest : public CallTest {
 protected:
  InboundCallTest() : CallTest(InboundSpec()) {}

 public:
  static CallSpec InboundSpec() {
    CallSpec spec = Spec();
    spec.direction = Direction::kInbound;
    spec.from = "anonymous";
    spec.carrier_call_id = "CA5";
    spec.stream_token = "token";
    return spec;
  }

 protected:
  void Connect() {
    world_.tts.Synthesize(1);
    world_.stream->OnStreamStart();
    Pass(absl::Milliseconds(100));
  }
};

TEST_F(InboundCallTest, IsNeverPlacedAndEndsWithItsCaller) {
  Start();
  Connect();
  world_.stream->OnStreamEnd(true);
  Pass(absl::Seconds(2));

  ASSERT_TRUE(over_);
  EXPECT_EQ(world_.carrier.places, 0);
  EXPECT_THAT(reports_.states, ElementsAre("ringing/CA5", "answered/CA5"));
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kCompleted);
  EXPECT_EQ(reports_.outcome->reason, reasons::kCallerHungUp);
  EXPECT_EQ(reports_.outcome->carrier_call_id, "CA5");
  EXPECT_EQ(reports_.outcome->carrier_duration, absl::Seconds(42));
  EXPECT_EQ(world_.carrier.hang_ups, 0);
}

TEST_F(InboundCallTest, ACallerWhoHangsUpBeforeTheStreamCancelsIt) {
  Start();
  call_.OnCarrierState(State::kCompleted);
  Pass(absl::Seconds(2));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kCanceled);
  EXPECT_EQ(reports_.outcome->reason, reasons::kCallerHungUp);
  EXPECT_EQ(reports_.outcome->answer_time, absl::InfinitePast());
}

TEST_F(InboundCallTest, AHangUpThatNobodyToldOfIsFoundOutWhenTheStreamIsOverdue) {
  Start();
  Pass(absl::Seconds(7));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, reasons::kCallerHungUp);
  EXPECT_EQ(world_.carrier.said, "");
}

TEST_F(InboundCallTest, AStreamThatNeverComesEndsWithTheCarriersApology) {
  world_.carrier.call = {.state = State::kInProgress};
  Start();
  Pass(absl::Seconds(7));
  EXPECT_EQ(world_.carrier.said, lines::kApology);
  call_.OnCarrierState(State::kCompleted);
  world_.carrier.call.state = State::kCompleted;
  Pass(absl::Seconds(5));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kFailed);
  EXPECT_EQ(reports_.outcome->reason, reasons::kStreamMissing);
}

class InboundTransferTest : public CallTest {
 protected:
  InboundTransferTest() : CallTest(SpecWithDesk()) {}
  static CallSpec SpecWithDesk() {
    CallSpec spec = InboundCallTest::InboundSpec();
    spec.agent.transfer_targets = {{.name = "desk", .e164 = "+14155550199"}};
    return spec;
  }
};

TEST_F(InboundTransferTest, TheDeskIsCalledFromOurNumber) {
  Start();
  world_.tts.Synthesize(1);
  world_.stream->OnStreamStart();
  Pass(absl::Milliseconds(100));
  world_.stt.Say("The desk, please.");
  world_.carrier.call.state = State::kInProgress;
  world_.llm.Use({}, {{.id = "t1", .name = "transfer_call", .arguments = R"({"target":"desk"})"}});
  world_.tts.Synthesize(world_.tts.last_context());
  Pass(absl::Seconds(20));

  ASSERT_EQ(world_.carrier.transferred.size(), 1U);
  EXPECT_EQ(world_.carrier.transferred[0].from, "+14155550100");
  call_.OnTransferResult(TransferResult::kHungUp);
  world_.carrier.call.state = State::kCompleted;
  call_.OnCarrierState(State::kCompleted);
  Pass(absl::Seconds(2));
  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->reason, reasons::kCallerHungUp);
}

TEST_F(InboundCallTest, WithoutKeysTheRecordSaysSoAndNamesTheCarriersCall) {
  world_.refusal = Error(absl::StatusCode::kPermissionDenied, "ticket_expired", "Too late.");
  Start();
  Pass(absl::Seconds(1));

  ASSERT_TRUE(over_);
  EXPECT_EQ(reports_.outcome->disposition, Disposition::kFailed);
  EXPECT_EQ(reports_.outcome->reason, reasons::kKeysRefused);
  EXPECT_EQ(reports_.outcome->carrier_call_id, "CA5");
}

}  // namespace
}  // namespace latchkey::media
