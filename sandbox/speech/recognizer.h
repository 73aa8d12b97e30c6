// Recognizer: from the audio that arrived to words. The engines implement it; Hearing uses it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/task.h"

namespace latchkey::sandbox {

struct RecognizedWord {
  std::string text;        // "thursday"
  std::string punctuated;  // "Thursday,"
  absl::Duration start;    // From the first sample of the utterance.
  absl::Duration end;
};

// Empty `text` when there were no words that the engine knows: silence, noise, other speech.
struct Recognized {
  std::string text;       // As the scenario's file writes it, with punctuation.
  double confidence = 0;  // 0 to 1
  std::vector<RecognizedWord> words;
};

// One utterance that is being recognised while it arrives. Lives on one io thread; the work is done
// elsewhere, so nothing here blocks.
class Recognition {
 public:
  virtual ~Recognition() = default;

  // Takes the next samples (mu-law, 8000 Hz).
  virtual void Push(std::span<const uint8_t> mulaw) = 0;

  // Returns what seems to have been said by now; a guess, which later audio may change, without
  // punctuation where the engine cannot know it. The recognition may be finished, and may go,
  // before this has returned.
  //   kResourceExhausted  speech_queue_full
  virtual Task<absl::StatusOr<Recognized>> SoFar() = 0;

  // Returns what was said. Called once, at the end; nothing may be pushed after it.
  //   kResourceExhausted  speech_queue_full
  virtual Task<absl::StatusOr<Recognized>> Finish() = 0;
};

class Recognizer {
 public:
  virtual ~Recognizer() = default;
  virtual std::unique_ptr<Recognition> Start() = 0;
};

}  // namespace latchkey::sandbox
