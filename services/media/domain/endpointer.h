// Endpointer: when the callee has come to an end, by the sound alone.
#pragma once

#include "absl/time/time.h"

namespace latchkey::media {

// Counts the silence after speech. STT's own verdict is better where it comes; this one bounds the
// wait, since on a noisy line STT's may never come (Deepgram, understand-endpointing).
class Endpointer {
 public:
  enum class Decision { kListening, kEndOfTurn };

  explicit Endpointer(absl::Duration pause) : pause_(pause) {}

  Decision OnFrame(bool voiced, absl::Duration frame);
  void Reset();

 private:
  absl::Duration pause_;
  absl::Duration silence_;
  bool heard_speech_ = false;
};

}  // namespace latchkey::media
