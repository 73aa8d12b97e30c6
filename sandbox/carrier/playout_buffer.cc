#include "sandbox/carrier/playout_buffer.h"

#include <algorithm>
#include <utility>

namespace latchkey::sandbox {

bool PlayoutBuffer::Play(std::span<const uint8_t> mulaw) {
  if (audio_.size() + mulaw.size() > kBytesMax) return false;
  audio_.insert(audio_.end(), mulaw.begin(), mulaw.end());
  return true;
}

void PlayoutBuffer::Mark(std::string name) {
  pending_.push_back({std::move(name), played_bytes_ + audio_.size()});
  ReturnMarks(played_bytes_);
}

void PlayoutBuffer::Clear(bool return_marks) {
  if (heard_ != nullptr) heard_->OnClear(static_cast<int64_t>(audio_.size()));
  audio_.clear();
  for (PendingMark& mark : pending_) {
    if (!return_marks) continue;
    if (heard_ != nullptr) heard_->OnMark(mark.name, heard_->position(), true);
    returned_.push_back(std::move(mark.name));
  }
  pending_.clear();
}

PlayoutBuffer::Tick PlayoutBuffer::Next() {
  Tick tick;
  const size_t count = std::min(tick.frame.size(), audio_.size());
  const auto end = audio_.begin() + static_cast<ptrdiff_t>(count);
  std::copy(audio_.begin(), end, tick.frame.begin());
  audio_.erase(audio_.begin(), end);
  tick.played = static_cast<int>(count);
  played_bytes_ += count;
  ReturnMarks(played_bytes_ - count);
  if (heard_ != nullptr) heard_->OnFrame(tick.frame, tick.played);
  return tick;
}

void PlayoutBuffer::ReturnMarks(uint64_t frame_begin) {
  while (!pending_.empty() && pending_.front().position <= played_bytes_) {
    const auto offset = static_cast<int64_t>(pending_.front().position - frame_begin);
    if (heard_ != nullptr) {
      heard_->OnMark(pending_.front().name, heard_->position() + offset, false);
    }
    returned_.push_back(std::move(pending_.front().name));
    pending_.pop_front();
  }
}

std::vector<std::string> PlayoutBuffer::TakeMarks() { return std::exchange(returned_, {}); }

}  // namespace latchkey::sandbox
