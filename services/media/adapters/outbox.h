// Outbox: messages that wait to be written to a websocket.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::media {

// A bounded queue that keeps its strings' room, so that a stream of audio allocates nothing once it
// runs. When it is full, the oldest audio makes room; control messages are never dropped.
class Outbox {
 public:
  enum class Kind { kAudio, kText };  // kAudio may be dropped, kText not.

  struct Entry {
    Kind kind = Kind::kText;
    bool binary = false;
    std::string data;
  };

  explicit Outbox(size_t entries_max) : entries_max_(entries_max) {}

  // Room for one more message, whose old data is to be overwritten. Null: full of control messages.
  Entry* Add(Kind kind, bool binary);

  bool empty() const { return count_ == 0; }
  size_t size() const { return count_; }
  // The oldest. Stays in place, also when others are added, until Pop.
  Entry& Front() { return entries_[first_]; }
  void Pop();

  void Clear() { count_ = 0; }

  // Drops all audio but the message in front when it is `being_written`.
  void DropAudio(bool being_written);

 private:
  Entry& At(size_t i) { return entries_[(first_ + i) % entries_.size()]; }
  void Remove(size_t i);
  bool Grow();

  size_t entries_max_;
  std::vector<Entry> entries_{16};
  size_t first_ = 0;
  size_t count_ = 0;
};

}  // namespace latchkey::media
