// SpeechEngines: the synthesizer, and the recognizer that a scenario chooses.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "lib/base/task.h"
#include "sandbox/scenario/scenario.h"
#include "sandbox/speech/recognizer.h"
#include "sandbox/speech/synthesizer.h"
#include "sandbox/speech/workers.h"

namespace latchkey::sandbox {

// Lives on the sandbox's io thread; outlives every emulator.
class SpeechEngines {
 public:
  explicit SpeechEngines(Workers& workers) : workers_(workers), synthesizer_(workers) {}

  // Makes the recognizer for `scenario` and synthesises what its callees say, so that nothing is
  // slow later. Must have returned OK before recognizer() is used. An earlier recognizer lives on
  // for the calls that use it.
  Task<absl::Status> Prepare(std::shared_ptr<const Scenario> scenario);

  Synthesizer& synthesizer() { return synthesizer_; }
  // Shared, because a stream that began under one scenario goes on while another takes its place.
  std::shared_ptr<Recognizer> recognizer() const { return recognizer_; }

 private:
  Workers& workers_;
  Synthesizer synthesizer_;
  std::shared_ptr<Recognizer> recognizer_;
};

}  // namespace latchkey::sandbox
