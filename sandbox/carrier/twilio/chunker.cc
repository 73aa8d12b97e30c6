#include "sandbox/carrier/twilio/chunker.h"

namespace latchkey::sandbox::twilio {

std::vector<std::vector<uint8_t>> Chunker::Push(std::span<const uint8_t> mulaw) {
  waiting_.insert(waiting_.end(), mulaw.begin(), mulaw.end());
  std::vector<std::vector<uint8_t>> chunks;
  while (waiting_.size() >= static_cast<size_t>(sizes_[next_])) {
    const auto end = waiting_.begin() + sizes_[next_];
    chunks.emplace_back(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
    next_ = (next_ + 1) % sizes_.size();
  }
  return chunks;
}

}  // namespace latchkey::sandbox::twilio
