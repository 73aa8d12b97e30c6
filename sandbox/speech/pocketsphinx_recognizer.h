// PocketsphinxRecognizer: recognises a scenario's sentences on the workers, while they arrive.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/speech/pocketsphinx_decoder.h"
#include "sandbox/speech/recognizer.h"
#include "sandbox/speech/utterance_grammar.h"
#include "sandbox/speech/workers.h"

namespace latchkey::sandbox {

// The decoders that are not being used. Thread-safe: the workers take them and give them back.
class DecoderPool {
 public:
  // Each weighs some 40 MiB. Who needs more utterances at a time uses the fingerprint engine.
  static constexpr size_t kDecodersMax = 16;

  explicit DecoderPool(const std::vector<std::string>& lines) : grammar_(lines) {}

  // kResourceExhausted `speech_queue_full` when kDecodersMax are in use.
  absl::StatusOr<std::unique_ptr<PocketsphinxDecoder>> Take();
  void GiveBack(std::unique_ptr<PocketsphinxDecoder> decoder);

 private:
  const UtteranceGrammar grammar_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<PocketsphinxDecoder>> idle_;
  size_t made_ = 0;
};

class PocketsphinxRecognizer final : public Recognizer {
 public:
  PocketsphinxRecognizer(Workers& workers, const std::vector<std::string>& lines);

  // Loads the first decoder, so that a missing model is told at once.
  Task<absl::Status> Warm();

  std::unique_ptr<Recognition> Start() override;

 private:
  Workers& workers_;
  std::shared_ptr<DecoderPool> pool_;  // Shared with the recognitions, which may end later.
};

}  // namespace latchkey::sandbox
