// Transcript: what both sides said, in the order in which they said it.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "services/media/domain/history.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// A realtime model answers before anybody has written down what the callee said. So their words
// keep their place until they come, and what follows waits behind them, for some seconds.
class Transcript {
 public:
  Transcript(Direction direction, CallLog& log, const Clock& clock)
      : log_(log), clock_(clock), history_(direction) {}

  // The callee has said `item`, whose words are still to come.
  void Expect(std::string_view item, int64_t start, int64_t end);
  // Here they are; "" if there are none.
  void Resolve(std::string_view item, std::string_view words);
  // Empty text is dropped.
  void AddAgent(UtteranceEvent utterance);

  // Words are still to come.
  bool waiting() const { return !entries_.empty(); }
  // Some have been waited for long enough.
  void Tick(absl::Time now);
  // None will come any more.
  void GiveUp();

  // As it was told so far.
  const History& history() const { return history_; }

 private:
  struct Entry {
    std::string item;  // "": known.
    UtteranceEvent utterance;
    absl::Time until;  // Then it is not waited for any more.
  };
  static constexpr size_t kLateMax = 8;

  void Tell();

  CallLog& log_;
  const Clock& clock_;
  History history_;
  std::deque<Entry> entries_;
  std::deque<Entry> late_;  // Given up. Their words are told when they come, in whatever place.
};

}  // namespace latchkey::media
