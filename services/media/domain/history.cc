#include "services/media/domain/history.h"

#include <utility>

namespace latchkey::media {
namespace {

// Far more than a two-hour call has turns; the prompt stays under 100,000 tokens.
constexpr size_t kMessagesMax = 600;

// Says who begins, where the agent speaks first.
constexpr std::string_view kCalleeAnswered = "[The callee has answered the phone.]";
constexpr std::string_view kCallerRang = "[Somebody has called, and you have answered the phone.]";

}  // namespace

History::History(Direction direction) {
  const bool inbound = direction == Direction::kInbound;
  messages_.push_back(
      {.by_agent = false, .text = std::string(inbound ? kCallerRang : kCalleeAnswered)});
}

void History::AddRound(ToolRound round) {
  const bool follows = messages_.back().by_agent && messages_.back().uses.empty();
  if (!follows) messages_.push_back({.by_agent = true});
  messages_.back().uses = std::move(round.uses);
  messages_.push_back({.by_agent = false});
  messages_.back().results = std::move(round.results);
  Trim();
}

void History::Trim() {
  if (messages_.size() <= kMessagesMax) return;
  // The oldest exchange goes, behind the first message, so that the order of speakers holds, and
  // uses go with their results.
  messages_.erase(messages_.begin() + 1, messages_.begin() + 3);
}

void History::Add(bool by_agent, std::string_view text) {
  if (text.empty()) return;
  if (messages_.back().by_agent == by_agent) {
    std::string& so_far = messages_.back().text;
    if (!so_far.empty()) so_far += ' ';
    so_far += text;
    return;
  }
  messages_.push_back({.by_agent = by_agent, .text = std::string(text)});
  Trim();
}

}  // namespace latchkey::media
