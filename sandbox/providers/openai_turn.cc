#include "sandbox/providers/openai_turn.h"

#include <utility>

namespace latchkey::sandbox {
namespace {

bool IsWhole(std::string_view words) {
  return words.ends_with('.') || words.ends_with('?') || words.ends_with('!');
}

}  // namespace

bool OpenaiSemanticTurn::OnStarted(absl::Duration start) {
  speaking_ = true;
  over_at_ = absl::InfiniteFuture();
  if (open_) return false;
  open_ = true;
  turn_.start = start;
  return true;
}

void OpenaiSemanticTurn::OnPaused(absl::Duration end) {
  speaking_ = false;
  turn_.end = end;
}

void OpenaiSemanticTurn::OnWords(std::string_view words, absl::Time now) {
  if (!turn_.words.empty() && !words.empty()) turn_.words += ' ';
  turn_.words += words;
  if (!speaking_) over_at_ = IsWhole(turn_.words) ? now : now + longest_wait_;
}

bool OpenaiSemanticTurn::Over(absl::Time now) const { return open_ && now >= over_at_; }

OpenaiSemanticTurn::Turn OpenaiSemanticTurn::Take() {
  open_ = speaking_ = false;
  over_at_ = absl::InfiniteFuture();
  return std::exchange(turn_, {});
}

}  // namespace latchkey::sandbox
