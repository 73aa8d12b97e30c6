#include "bench/load/call_rules.h"

#include <optional>
#include <utility>

namespace latchkey::bench {

void CallRules::OnAgentAudio(std::string_view audio) {
  for (; audio.size() >= kFrameBytes; audio.remove_prefix(kFrameBytes)) {
    const std::optional<FrameTag> tag = FirstTag(audio);
    if (tag.has_value()) OnAgentFrame(*tag);
  }
}

void CallRules::OnAgentFrame(const FrameTag& tag) {
  answer_due_ = false;
  if (agent_ == 0) agent_ = tag.call;
  if (tag.call != agent_) {
    ++broken_.foreign;
    return;
  }
  const uint32_t reply = ReplyOf(tag.sequence);
  if (reply <= cleared_reply_) ++broken_.stale;
  if (tag.sequence <= last_sequence_) ++broken_.repeated;
  last_sequence_ = tag.sequence;
  last_reply_ = reply;
}

void CallRules::OnTurnBegins() {
  if (std::exchange(answer_due_, false)) ++broken_.unanswered;
}

}  // namespace latchkey::bench
