#include "services/media/domain/transcript.h"

#include <algorithm>
#include <utility>

namespace latchkey::media {
namespace {

// A transcription takes a second or two, if it comes.
constexpr absl::Duration kWordsWait = absl::Seconds(8);

}  // namespace

void Transcript::Expect(std::string_view item, int64_t start, int64_t end) {
  if (item.empty()) return;
  entries_.push_back({.item = std::string(item),
                      .utterance = {.start = ToDuration(start), .end = ToDuration(end)},
                      .until = clock_.Now() + kWordsWait});
}

void Transcript::Resolve(std::string_view item, std::string_view words) {
  const auto named = [&](const Entry& entry) { return entry.item == item; };
  const auto found = std::find_if(entries_.begin(), entries_.end(), named);
  if (found != entries_.end()) {
    found->utterance.text = words;
    found->item.clear();
    return Tell();
  }
  const auto late = std::find_if(late_.begin(), late_.end(), named);
  if (late == late_.end()) return;
  late->utterance.text = words;
  if (!words.empty()) log_.Append(clock_.Now(), std::move(late->utterance));
  late_.erase(late);
}

void Transcript::AddAgent(UtteranceEvent utterance) {
  if (utterance.text.empty()) return;
  entries_.push_back({.utterance = std::move(utterance)});
  Tell();
}

void Transcript::Tick(absl::Time now) {
  bool given_up = false;
  for (Entry& entry : entries_) {
    if (entry.item.empty() || now < entry.until) continue;
    if (late_.size() == kLateMax) late_.pop_front();
    late_.push_back(entry);
    entry.item.clear();
    given_up = true;
  }
  if (given_up) Tell();
}

void Transcript::GiveUp() {
  for (Entry& entry : entries_) entry.item.clear();
  late_.clear();
  Tell();
}

void Transcript::Tell() {
  while (!entries_.empty() && entries_.front().item.empty()) {
    UtteranceEvent utterance = std::move(entries_.front().utterance);
    entries_.pop_front();
    if (utterance.text.empty()) continue;
    if (utterance.by_agent) {
      history_.AddAgent(utterance.text);
    } else {
      history_.AddCallee(utterance.text);
    }
    log_.Append(clock_.Now(), std::move(utterance));
  }
}

}  // namespace latchkey::media
