// Ears: what the callee says, and when they have come to an end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/media/domain/endpointer.h"
#include "services/media/domain/kept_audio.h"
#include "services/media/domain/ports.h"
#include "services/media/domain/voice_detector.h"

namespace latchkey::media {

// What the callee said in one go. Positions are samples since the stream began.
struct CalleeTurn {
  std::string text;
  int64_t start = 0;
  int64_t end = 0;
  absl::Time end_of_speech;  // When its last voiced frame arrived.
};

// Joins the voice detector, the endpointer and STT's transcripts: a turn ends when STT says so, or
// some time after the callee fell silent. A rule: no socket in it.
class Ears {
 public:
  struct Heard {
    bool sustained = false;  // The callee speaks, and it is no click.
    bool finalize = false;   // They fell silent: ask STT for what it has.
  };

  Ears();

  // Audio whose last sample is at `end`. Allocates nothing.
  Heard OnAudio(Audio audio, int64_t end, absl::Time now);

  // A turn, when this ends one.
  std::optional<CalleeTurn> OnTranscript(std::string_view text, bool final, bool ended);
  std::optional<CalleeTurn> OnUtteranceEnd();
  std::optional<CalleeTurn> OnTick(absl::Time now);

  // The callee spoke, and STT says nothing at all: its connection hangs. Told once.
  bool TakeDeafness(absl::Time now);

  bool speaking() const { return detector_.speaking(); }
  bool has_words() const { return !finals_.empty() || !interim_.empty(); }
  // STT was asked about what it heard since the last silence, and found no word in it.
  bool wordless() const { return wordless_; }
  // When the last voiced frame came; InfinitePast: never.
  absl::Time last_voice() const { return last_voice_; }

  // What STT has given no final words for yet, to be sent again over a new connection.
  Audio unrecognised() const { return unrecognised_.all(); }

 private:
  std::optional<CalleeTurn> TakeTurn();
  void HearFromStt();

  VoiceDetector detector_;
  Endpointer endpointer_;
  std::string finals_;
  std::string interim_;
  int64_t start_ = 0;
  int64_t last_voice_end_ = 0;
  absl::Time last_voice_ = absl::InfinitePast();
  absl::Time commit_at_ = absl::InfiniteFuture();
  bool spoke_ = false;  // Since STT said anything.
  bool wordless_ = false;
  absl::Time deaf_at_ = absl::InfiniteFuture();
  KeptAudio unrecognised_;
};

}  // namespace latchkey::media
