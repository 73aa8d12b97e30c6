#include "services/media/adapters/convert.h"

#include <gtest/gtest.h>

namespace latchkey::media {
namespace {

namespace orch = orchestrator::v1;

orch::Speaker SpeakerOf(bool by_agent, Direction direction) {
  const CallEvent said = UtteranceEvent{.by_agent = by_agent, .text = "Hello?"};
  orch::CallEvent message;
  FillEvent(absl::UnixEpoch(), said, direction, message);
  return message.utterance().speaker();
}

TEST(ConvertTest, ThePersonIsTheCalleeOfOurCallAndTheCallerOfTheirs) {
  EXPECT_EQ(SpeakerOf(false, Direction::kOutbound), orch::SPEAKER_CALLEE);
  EXPECT_EQ(SpeakerOf(false, Direction::kInbound), orch::SPEAKER_CALLER);
}

TEST(ConvertTest, TheAgentIsTheAgentWhoeverCalls) {
  EXPECT_EQ(SpeakerOf(true, Direction::kOutbound), orch::SPEAKER_AGENT);
  EXPECT_EQ(SpeakerOf(true, Direction::kInbound), orch::SPEAKER_AGENT);
}

}  // namespace
}  // namespace latchkey::media
