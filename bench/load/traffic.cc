#include "bench/load/traffic.h"

#include <optional>

namespace latchkey::bench {
namespace {

uint16_t New(std::map<uint16_t, std::unique_ptr<SendTimes>>& directions) {
  const auto number = static_cast<uint16_t>(directions.size() + 1);
  directions.emplace(number, std::make_unique<SendTimes>());
  return number;
}

const SendTimes* Find(const std::map<uint16_t, std::unique_ptr<SendTimes>>& directions,
                      const std::optional<FrameTag>& tag) {
  if (!tag.has_value()) return nullptr;
  const auto found = directions.find(tag->call);
  return found == directions.end() ? nullptr : found->second.get();
}

}  // namespace

uint16_t Traffic::NewCaller() { return New(up_); }
uint16_t Traffic::NewSpeaker() { return New(down_); }

void Traffic::NoteUp(const FrameTag& tag, absl::Time now) {
  up_.at(tag.call)->Note(tag.sequence, now);
}

void Traffic::NoteDown(const FrameTag& tag, absl::Time now) {
  down_.at(tag.call)->Note(tag.sequence, now);
}

void Traffic::ArriveUp(std::string_view audio, absl::Time now) {
  const std::optional<FrameTag> last = LastTag(audio);
  const SendTimes* sent = Find(up_, last);
  if (sent == nullptr) return;
  readings_.frames_up += audio.size() / kFrameBytes;
  readings_.up.Add(now - sent->Of(last->sequence));
  const std::optional<FrameTag> first = FirstTag(audio);
  if (first.has_value()) {
    readings_.holding.Add(sent->Of(last->sequence) - sent->Of(first->sequence));
  }
}

void Traffic::ArriveDown(std::string_view audio, absl::Time now) {
  const std::optional<FrameTag> last = LastTag(audio);
  const SendTimes* sent = Find(down_, last);
  if (sent == nullptr) return;
  readings_.frames_down += audio.size() / kFrameBytes;
  readings_.down.Add(now - sent->Of(last->sequence));
}

}  // namespace latchkey::bench
