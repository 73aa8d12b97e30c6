#include "sandbox/speech/speech_engines.h"

#include "sandbox/speech/fingerprint_recognizer.h"
#include "sandbox/speech/pocketsphinx_recognizer.h"

namespace latchkey::sandbox {

Task<absl::Status> SpeechEngines::Prepare(std::shared_ptr<const Scenario> scenario) {
  const std::vector<std::string> lines = scenario->CalleeLines();
  std::vector<KnownSound> sounds;
  for (const std::string& line : lines) {
    absl::StatusOr<std::shared_ptr<const Speech>> speech =
        co_await synthesizer_.Speak(scenario->callee_voice, line);
    if (!speech.ok()) co_return speech.status();
    sounds.emplace_back(line, **speech);
  }
  if (scenario->stt_engine == Scenario::SttEngine::kFingerprint || lines.empty()) {
    recognizer_ = std::make_shared<FingerprintRecognizer>(std::move(sounds));
    co_return absl::OkStatus();
  }
  auto recognizer = std::make_shared<PocketsphinxRecognizer>(workers_, lines);
  absl::Status warm = co_await recognizer->Warm();
  if (!warm.ok()) co_return warm;
  recognizer_ = std::move(recognizer);
  co_return absl::OkStatus();
}

}  // namespace latchkey::sandbox
