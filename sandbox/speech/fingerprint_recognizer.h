// FingerprintRecognizer: knows the callees' lines by their sound, at a small part of what speech
// recognition costs, for scenarios under load.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sandbox/speech/recognizer.h"
#include "sandbox/speech/synthesizer.h"

namespace latchkey::sandbox {

// A line and what it sounds like.
struct KnownSound {
  KnownSound(std::string line, const Speech& speech);

  std::string text;
  std::vector<SpokenWord> words;
  std::vector<uint32_t> prints;  // One every 10 ms.
};

// What of `sounds` is heard in `mulaw`. Works in blocks of 160 ms: each is looked for in every
// line; lines that explain too few of the loud blocks are not believed. The words returned are
// those that were really heard, also when the line's beginning or end was cut or a part was lost.
Recognized RecognizeSound(const std::vector<KnownSound>& sounds, std::span<const uint8_t> mulaw);

class FingerprintRecognizer final : public Recognizer {
 public:
  explicit FingerprintRecognizer(std::vector<KnownSound> sounds);

  std::unique_ptr<Recognition> Start() override;

 private:
  // Shared with the recognitions, which may outlive the scenario.
  std::shared_ptr<const std::vector<KnownSound>> sounds_;
};

}  // namespace latchkey::sandbox
