// ModelEars: what a realtime model hears of the callee.
#pragma once

#include <cstdint>

#include "services/media/domain/kept_audio.h"
#include "services/media/domain/ports.h"
#include "services/media/domain/voice_detector.h"

namespace latchkey::media {

// Passes the callee's audio on, and silence where the carrier leaves something out: a model that
// hears nothing never notices that they have come to an end. Knows where on the carrier's clock a
// session's samples stand. A frame allocates nothing.
class ModelEars {
 public:
  explicit ModelEars(RealtimeModel& model) : model_(model) {}

  void OnAudio(int64_t start, Audio audio, absl::Time now);
  // The carrier's clock stands at `now`.
  void OnTick(int64_t now);

  // A new session hears, from now on; `again`: and once more what had no answer yet.
  void Restart(bool again);
  // The callee has begun a turn.
  void OnStarted() { kept_.ForgetAllBut(kBegin); }
  // All that was heard so far has had its answer.
  void OnAnswered() { kept_.Clear(); }

  // Where on the carrier's clock a sample of the session's stands.
  int64_t PositionOf(int64_t heard) const;
  // When the last voiced frame came; InfinitePast: never.
  absl::Time last_voice() const { return last_voice_; }

 private:
  // A turn's first sounds come before the model notices it: 1 s.
  static constexpr size_t kBegin = kSampleRateHz;

  void Feed(Audio audio);
  void FillUpTo(int64_t position);

  RealtimeModel& model_;
  VoiceDetector detector_;
  KeptAudio kept_;
  int64_t position_ = 0;  // Up to here the callee was heard.
  int64_t fed_ = 0;       // By this session.
  absl::Time last_voice_ = absl::InfinitePast();
};

}  // namespace latchkey::media
