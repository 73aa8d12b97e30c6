#include "services/media/adapters/outbox.h"

#include <utility>

namespace latchkey::media {

// Entries move, so that their strings keep their bytes where a writer reads them (all messages of
// ours are longer than a string's inline room).
bool Outbox::Grow() {
  if (entries_.size() >= entries_max_) return false;
  std::vector<Entry> larger(entries_.size() * 2);
  for (size_t i = 0; i < count_; ++i) larger[i] = std::move(At(i));
  entries_ = std::move(larger);
  first_ = 0;
  return true;
}

Outbox::Entry* Outbox::Add(Kind kind, bool binary) {
  if (count_ == entries_.size() && !Grow()) {
    size_t oldest = 1;  // The front may be under way.
    while (oldest < count_ && At(oldest).kind != Kind::kAudio) ++oldest;
    if (oldest == count_) return nullptr;
    Remove(oldest);
  }
  Entry& entry = At(count_++);
  entry.kind = kind;
  entry.binary = binary;
  return &entry;
}

void Outbox::Remove(size_t i) {
  for (; i + 1 < count_; ++i) std::swap(At(i), At(i + 1));
  --count_;
}

void Outbox::Pop() {
  first_ = (first_ + 1) % entries_.size();
  --count_;
}

void Outbox::DropAudio(bool being_written) {
  size_t kept = being_written && count_ > 0 ? 1 : 0;
  for (size_t i = kept; i < count_; ++i) {
    if (At(i).kind == Kind::kAudio) continue;
    if (i != kept) std::swap(At(i), At(kept));
    ++kept;
  }
  count_ = kept;
}

}  // namespace latchkey::media
