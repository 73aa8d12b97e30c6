// Hearing: cuts one stream of telephone audio into utterances and has each recognised.
//
//   Hearing hearing(recognizer, {.pause = absl::Milliseconds(300)});
//   for (Hearing::Event& event : hearing.Push(samples)) {
//     if (event.kind == Hearing::Event::kSpeechStarted) …
//     if (event.kind == Hearing::Event::kUtteranceEnded) {
//       absl::StatusOr<Recognized> words = co_await event.recognition->Finish();
//     }
//   }
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/speech/recognizer.h"
#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {

// Knows nothing but the audio that is pushed. Lives on one io thread; the recognizer outlives it.
class Hearing {
 public:
  struct Options {
    absl::Duration pause = absl::Milliseconds(300);  // Silence that ends an utterance.
  };

  struct Event {
    enum Kind { kSpeechStarted, kUtteranceEnded };

    Kind kind;
    // From the stream's first sample: where the speech began, and where its last voiced frame
    // ended (not where the pause was noticed). Only `start` is known at kSpeechStarted.
    absl::Duration start;
    absl::Duration end;
    std::unique_ptr<Recognition> recognition;  // Only at kUtteranceEnded; Finish() it.
  };

  Hearing(Recognizer& recognizer, const Options& options);

  // Takes the next samples, however many there are, and returns what they showed, in order.
  std::vector<Event> Push(std::span<const uint8_t> mulaw);

  // What seems to have been said in the utterance that is being spoken; nothing when none is.
  Task<absl::StatusOr<Recognized>> SoFar() const;

  // Ends the utterance that is being spoken, if any, without waiting for a pause: for Finalize,
  // for CloseStream, for the end of a file.
  std::optional<Event> Flush();

  // How much audio has been pushed.
  absl::Duration position() const;

 private:
  void OnFrame(std::span<const uint8_t> frame, std::vector<Event>& events);
  Event End();

  Recognizer& recognizer_;
  Options options_;
  VoiceDetector detector_;
  std::vector<uint8_t> partial_;              // Less than one frame.
  std::deque<std::vector<uint8_t>> before_;   // The frames just before speech is noticed.
  std::unique_ptr<Recognition> recognition_;  // Set while somebody speaks.
  int64_t frames_ = 0;
  int64_t start_frame_ = 0;
  int64_t last_voiced_frame_ = 0;
};

}  // namespace latchkey::sandbox
