// Call rules: what must hold for the agent's audio in every call of a load run, as the carrier's
// end sees it.
#pragma once

#include <cstdint>
#include <string_view>

#include "bench/load/tagged_frame.h"

namespace latchkey::bench {

// How often each was broken.
struct BrokenRules {
  uint64_t stale = 0;       // A frame of a reply that had been cleared.
  uint64_t repeated = 0;    // A frame that had come before, or came before its turn.
  uint64_t foreign = 0;     // A frame of another call's agent.
  uint64_t unanswered = 0;  // The caller spoke, and heard nothing until it was his turn again.
};

// One call's. The frames of its agent are tagged with one number, in a sequence of SpokenSequence.
class CallRules {
 public:
  explicit CallRules(BrokenRules& broken) : broken_(broken) {}

  void OnAgentAudio(std::string_view audio);
  void OnClear() { cleared_reply_ = last_reply_; }
  void OnTurnEnds() { answer_due_ = true; }
  void OnTurnBegins();

 private:
  void OnAgentFrame(const FrameTag& tag);

  BrokenRules& broken_;
  uint16_t agent_ = 0;  // 0: nobody was heard yet.
  uint32_t last_sequence_ = 0;
  uint32_t last_reply_ = 0;
  uint32_t cleared_reply_ = 0;
  bool answer_due_ = false;
};

}  // namespace latchkey::bench
