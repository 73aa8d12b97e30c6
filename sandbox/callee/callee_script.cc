#include "sandbox/callee/callee_script.h"

#include "sandbox/speech/frame.h"

namespace latchkey::sandbox {
namespace {

constexpr absl::Duration kFrame = absl::Milliseconds(kFrameMs);

}  // namespace

const CalleeLine* CalleeScript::OnFrame(bool agent_loud, bool speaking) {
  if (agent_loud) {
    if (agent_quiet_ > kBreath) agent_speech_ = absl::ZeroDuration();
    agent_quiet_ = absl::ZeroDuration();
    if (!speaking) agent_heard_ = true;
  } else {
    agent_quiet_ += kFrame;
  }
  if (agent_quiet_ <= kBreath) agent_speech_ += kFrame;
  if (agent_quiet_ > kBreath) agent_speech_ = absl::ZeroDuration();
  if (speaking) {
    waited_ = absl::ZeroDuration();
    return nullptr;
  }
  waited_ += kFrame;
  if (next_ == lines_.size() || !Due(lines_[next_])) return nullptr;
  agent_heard_ = false;
  waited_ = absl::ZeroDuration();
  return &lines_[next_++];
}

bool CalleeScript::Due(const CalleeLine& line) const {
  switch (line.when) {
    case CalleeLine::When::kAgentStops:
      return agent_heard_ && agent_quiet_ >= line.after;
    case CalleeLine::When::kAgentSpeaks:
      // Not in the pause after a speech: there is nobody to interrupt.
      return agent_heard_ && agent_quiet_ < kBreath / 3 && agent_speech_ >= line.after;
    case CalleeLine::When::kAnyTime:
      return waited_ >= line.after;
  }
  return false;
}

}  // namespace latchkey::sandbox
