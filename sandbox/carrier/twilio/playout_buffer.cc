#include "sandbox/carrier/twilio/playout_buffer.h"

#include <algorithm>
#include <utility>

namespace latchkey::sandbox::twilio {

bool PlayoutBuffer::Play(std::span<const uint8_t> mulaw) {
  if (audio_.size() + mulaw.size() > kBytesMax) return false;
  audio_.insert(audio_.end(), mulaw.begin(), mulaw.end());
  return true;
}

void PlayoutBuffer::Mark(std::string name) {
  pending_.push_back({std::move(name), played_bytes_ + audio_.size()});
  ReturnMarks();
}

void PlayoutBuffer::Clear() {
  audio_.clear();
  for (PendingMark& mark : pending_) returned_.push_back(std::move(mark.name));
  pending_.clear();
}

PlayoutBuffer::Tick PlayoutBuffer::Next() {
  Tick tick;
  const size_t count = std::min(tick.frame.size(), audio_.size());
  const auto end = audio_.begin() + static_cast<ptrdiff_t>(count);
  std::copy(audio_.begin(), end, tick.frame.begin());
  audio_.erase(audio_.begin(), end);
  tick.played = count > 0;
  played_bytes_ += count;
  ReturnMarks();
  return tick;
}

void PlayoutBuffer::ReturnMarks() {
  while (!pending_.empty() && pending_.front().position <= played_bytes_) {
    returned_.push_back(std::move(pending_.front().name));
    pending_.pop_front();
  }
}

std::vector<std::string> PlayoutBuffer::TakeMarks() { return std::exchange(returned_, {}); }

}  // namespace latchkey::sandbox::twilio
