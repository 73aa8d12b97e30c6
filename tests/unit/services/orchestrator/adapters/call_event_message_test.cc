#include "services/orchestrator/adapters/call_event_message.h"

#include <gtest/gtest.h>

#include "tests/support/orchestrator/samples.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

const TenantId kTenant = SampleTenantId("one");

std::vector<CallEvent> EveryKind() {
  TurnLatency latency;
  latency.turn = 3;
  latency.stt_final = absl::Milliseconds(120);
  latency.first_frame = absl::Milliseconds(740);
  return {
      SampleEvent(kTenant, "one", 1,
                  Utterance{Speaker::kCallee, "Hello?", absl::Milliseconds(1500),
                            absl::Milliseconds(2250), true}),
      SampleEvent(kTenant, "one", 2, latency),
      SampleEvent(kTenant, "one", 3, StateChange{"ended", "completed", "callee_hung_up"}),
      SampleEvent(kTenant, "one", 4,
                  Trouble{Provider::kDeepgram, "deepgram_dropped", "It came back.", true}),
      SampleEvent(kTenant, "one", 5, Trouble{std::nullopt, "silence", "", false}),
      SampleEvent(kTenant, "one", 6, RecordingReady{"call_one.wav", absl::Seconds(42)}),
      SampleEvent(kTenant, "one", 7,
                  ModelUsage{Provider::kOpenai, "gpt-realtime-2.1", 1, 2, 3, 4, 5, 6}),
  };
}

TEST(CallEventMessageTest, KeepsEveryKindOfEventThere) {
  for (const CallEvent& event : EveryKind()) {
    pb::CallEvent message;
    FillCallEvent(event, message);

    EXPECT_THAT(ParseCallEvent(message), IsOkAndHolds(event));
  }
}

TEST(CallEventMessageTest, KeepsWhoSpeaks) {
  for (const Speaker speaker : {Speaker::kAgent, Speaker::kCallee, Speaker::kCaller}) {
    const CallEvent said =
        SampleEvent(kTenant, "one", 1, Said(speaker, "Hello?", absl::Seconds(1)));
    pb::CallEvent message;
    FillCallEvent(said, message);

    EXPECT_THAT(ParseCallEvent(message), IsOkAndHolds(said));
  }
}

TEST(CallEventMessageTest, EveryKindOfEventHasAName) {
  EXPECT_EQ(KindText(EveryKind().front()), "utterance");
  EXPECT_EQ(KindText(EveryKind().back()), "usage");
}

TEST(CallEventMessageTest, RefusesAnIncompleteEvent) {
  pb::CallEvent complete;
  FillCallEvent(EveryKind()[0], complete);

  pb::CallEvent no_event = complete;
  no_event.clear_event();
  EXPECT_THAT(ParseCallEvent(no_event), StatusIs(absl::StatusCode::kInvalidArgument));
  pb::CallEvent no_call = complete;
  no_call.clear_call_id();
  EXPECT_THAT(ParseCallEvent(no_call), StatusIs(absl::StatusCode::kInvalidArgument));
  pb::CallEvent no_time = complete;
  no_time.clear_event_time();
  EXPECT_THAT(ParseCallEvent(no_time), StatusIs(absl::StatusCode::kInvalidArgument));
  pb::CallEvent no_speaker = complete;
  no_speaker.mutable_utterance()->clear_speaker();
  EXPECT_THAT(ParseCallEvent(no_speaker), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace latchkey::orchestrator
