// Synthesizer: text to speech as telephones carry it: G.711 mu-law, 8000 Hz, mono.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/task.h"
#include "sandbox/speech/workers.h"

namespace latchkey::sandbox {

struct SpokenWord {
  std::string text;      // As it stands in the text, with the punctuation that follows it.
  absl::Duration start;  // From the first sample.
  absl::Duration end;
};

struct Speech {
  std::vector<uint8_t> mulaw;  // One byte is one sample, 125 µs.
  std::vector<SpokenWord> words;
};

// flite, in process, on the workers. Lives on one io thread.
class Synthesizer {
 public:
  explicit Synthesizer(Workers& workers);

  // True for "slt", "awb", "rms", "kal16".
  static bool HasVoice(std::string_view voice);

  // Speaks `text`, of at most 4000 characters. What was spoken before in the same voice comes from
  // a cache, which keeps the first kCacheMax texts: flite never speaks a text twice with the same
  // samples, and a fingerprint wants the same; who asks while it is being spoken waits for it,
  // since a dozen calls ask for the same sentence in the same moment. Shared, because cache and
  // calls hold it.
  //
  //   kInvalidArgument    unknown_voice, text_too_long
  //   kResourceExhausted  speech_queue_full
  Task<absl::StatusOr<std::shared_ptr<const Speech>>> Speak(std::string voice, std::string text);

  static constexpr size_t kCacheMax = 4096;

 private:
  using Key = std::pair<std::string, std::string>;
  struct Making;

  Task<absl::StatusOr<std::shared_ptr<const Speech>>> Make(Key key);
  Task<absl::StatusOr<std::shared_ptr<const Speech>>> Wait(std::shared_ptr<Making> making);

  Workers& workers_;
  std::map<Key, std::shared_ptr<Making>> under_way_;
  std::map<Key, std::shared_ptr<const Speech>> cache_;
};

}  // namespace latchkey::sandbox
