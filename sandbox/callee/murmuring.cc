#include "sandbox/callee/murmuring.h"

#include "sandbox/callee/callee_script.h"
#include "sandbox/speech/frame.h"

namespace latchkey::sandbox {
namespace {

constexpr absl::Duration kFrame = absl::Milliseconds(kFrameMs);

}  // namespace

bool Murmuring::OnFrame(bool agent_loud, bool speaking) {
  quiet_ = agent_loud ? absl::ZeroDuration() : quiet_ + kFrame;
  if (speaking || quiet_ > CalleeScript::kBreath) {
    listened_ = absl::ZeroDuration();
    return false;
  }
  listened_ += kFrame;
  // Into speech, not into the pause after it, which may be the end.
  if (!agent_loud || listened_ < every_) return false;
  listened_ = absl::ZeroDuration();
  return true;
}

}  // namespace latchkey::sandbox
