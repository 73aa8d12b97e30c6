#include "tests/security/memory_scan/needles.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace latchkey::memory_scan {

uint64_t Needles::Load(const uint8_t* bytes) {
  uint64_t head = 0;
  std::memcpy(&head, bytes, sizeof head);
  return head;
}

size_t Needles::Hash(uint64_t head) {
  return static_cast<size_t>(head * 0x9E3779B97F4A7C15u >> (64 - kHashBits));
}

Needles::Needles(std::vector<Needle> needles) : needles_(std::move(needles)) {
  for (size_t i = 0; i < needles_.size(); ++i) {
    const std::string& text = needles_[i].text;
    for (size_t offset = 0; offset + kBlockBytes <= text.size(); offset += kBlockBytes) {
      const uint64_t head = Load(reinterpret_cast<const uint8_t*>(text.data() + offset));
      places_[head].push_back({i, offset});
      seen_.set(Hash(head));
    }
  }
}

void Needles::Search(std::span<const uint8_t> memory,
                     const std::function<void(const Match&)>& found) const {
  for (size_t at = 0; at + sizeof(uint64_t) <= memory.size(); ++at) {
    const uint64_t head = Load(memory.data() + at);
    if (!seen_.test(Hash(head))) continue;
    const auto places = places_.find(head);
    if (places == places_.end()) continue;
    for (const Place& place : places->second) Extend(memory, at, place, found);
  }
}

void Needles::Extend(std::span<const uint8_t> memory, size_t at, const Place& place,
                     const std::function<void(const Match&)>& found) const {
  const std::string& text = needles_[place.needle].text;
  const auto same = [&](size_t in_memory, size_t in_text) {
    return memory[in_memory] == static_cast<uint8_t>(text[in_text]);
  };
  size_t before = 0;
  while (before < std::min(at, place.offset) && same(at - before - 1, place.offset - before - 1)) {
    ++before;
  }
  size_t after = 0;
  while (at + after < memory.size() && place.offset + after < text.size() &&
         same(at + after, place.offset + after)) {
    ++after;
  }
  const size_t size = before + after;
  if (size < std::min(kPieceBytes, text.size())) return;
  found({place.needle, at - before, size});
}

}  // namespace latchkey::memory_scan
