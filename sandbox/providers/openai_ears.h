// OpenaiEars: what a Realtime session hears: voice activity, and the sound of each turn.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "sandbox/providers/openai_audio.h"
#include "sandbox/providers/openai_config.h"
#include "sandbox/speech/hearing.h"

namespace latchkey::sandbox {

// Positions count from the session's first sample, whatever the format. Lives on one io thread.
class OpenaiEars {
 public:
  // The recognizer is shared with the engines, which may take another one.
  OpenaiEars(std::shared_ptr<Recognizer> recognizer, const OpenaiConfig& config);

  // The configuration has changed; what was heard of an unfinished turn is dropped.
  void Listen(const OpenaiConfig& config);

  // Takes audio, and tells of voice activity where the configuration wants it.
  std::vector<Hearing::Event> Push(std::string_view audio);

  // The sound since the last turn, for a commit; null when there was no voice in it.
  std::unique_ptr<Recognition> Commit();
  void Forget();

 private:
  static constexpr size_t kUnheardMax = 8000 * 60 * 5;  // Without turn detection: five minutes.

  void Begin();

  std::shared_ptr<Recognizer> recognizer_;
  OpenaiTurnDetection detection_;
  OpenaiAudioIn in_;
  std::optional<Hearing> hearing_;  // Only with turn detection.
  std::vector<uint8_t> unheard_;    // Only without.
  absl::Duration begin_;            // Where `hearing_` began.
  absl::Duration position_;
};

}  // namespace latchkey::sandbox
