// PhoneLine: the one timeline of a call, in samples of the carrier's clock: what came and what was
// sent, marked, cleared and heard.
#pragma once

#include <cstdint>

#include "lib/base/clock.h"
#include "services/media/domain/carrier_clock.h"
#include "services/media/domain/mouth.h"
#include "services/media/domain/ports.h"
#include "services/media/domain/recording_track.h"

namespace latchkey::media {

// Everything that says what was heard when reads it here: history, transcript, recording, and the
// truncation of what a model said. A rule without I/O of its own; a frame allocates nothing.
class PhoneLine {
 public:
  // Null: nothing is recorded.
  PhoneLine(CarrierLeg& leg, const Clock& clock, Recorder* recorder)
      : leg_(leg), clock_(clock), recording_(recorder) {}

  // The stream stands; before this nothing can be played.
  void Open();
  bool open() const { return open_time_ != absl::InfinitePast(); }
  absl::Time open_time() const { return open_time_; }

  // The callee's audio from `start` on.
  void OnAudio(int64_t start, Audio audio);
  void OnMark(int64_t mark);

  int64_t Now() const { return carrier_clock_.Now(clock_.Now()); }
  // Carriers send all the time, also silence: nothing for this long is a stream that hangs.
  bool dead() const;

  Mouth& mouth() { return mouth_; }
  const Mouth& mouth() const { return mouth_; }

 private:
  CarrierLeg& leg_;
  const Clock& clock_;
  CarrierClock carrier_clock_;
  Mouth mouth_;
  RecordingTrack recording_;
  absl::Time open_time_ = absl::InfinitePast();
  absl::Time heard_from_ = absl::InfiniteFuture();  // Anything at all.
};

}  // namespace latchkey::media
