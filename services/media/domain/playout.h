// Playout: what of the agent's audio the callee has heard, on the carrier's clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace latchkey::media {

// The carrier plays what it is sent in order and without a gap while it has something. So two
// numbers say where it is: how much was sent, and when the carrier will have played it all. Marks
// that come back, or do not, correct them. Positions count the samples of one utterance.
// Allocates nothing.
class Playout {
 public:
  // A new utterance begins at position 0. What was sent before keeps its place in front of it.
  void Begin();

  // `samples` more were sent when the carrier's clock stood at `now`.
  void Sent(int64_t samples, int64_t now);

  // A mark to send after what was sent so far.
  int64_t TakeMark();

  // A mark came back when the carrier's clock stood at `now`. Marks of before a Clear are ignored:
  // the carrier returns them all at once when it clears.
  void OnMark(int64_t mark, int64_t now);

  // How much of the utterance was heard when the carrier's clock stood at `now`: never more than
  // the next mark that has not come back.
  int64_t Heard(int64_t now) const;

  // Where on the carrier's clock that was: the last of what was heard.
  int64_t HeardUntil(int64_t now) const { return end_ - (sent_ - Heard(now)); }

  // The same as Heard by the clock alone, which is even: for the recording.
  int64_t Position(int64_t now) const;

  // When, on the carrier's clock, all that was sent will have been played.
  int64_t end() const { return end_; }

  // All that was sent has been heard. True as well when nothing was sent. Also true when a mark is
  // missing long after its time: nothing waits for a mark for ever.
  bool Finished(int64_t now) const;

  // The carrier drops what it has not played; returns what was heard until then.
  int64_t Clear(int64_t now);

  int64_t sent() const { return sent_; }

 private:
  struct Pending {
    int64_t mark = 0;
    int64_t position = 0;
  };
  static constexpr size_t kMarksMax = 256;             // One for 200 ms: most of a minute.
  static constexpr int64_t kMarkGraceSamples = 8'000;  // 1 s on the way back is a lost mark.

  int64_t sent_ = 0;
  int64_t end_ = 0;  // When the carrier will have played it all.
  int64_t next_mark_ = 1;
  std::array<Pending, kMarksMax> pending_{};  // A ring, oldest first.
  size_t first_ = 0;
  size_t pending_count_ = 0;
};

}  // namespace latchkey::media
