// Deepgram: one second of silence, which needs the key, its scope, credit and the model together.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "services/validator/domain/ports.h"

namespace latchkey::validator {

// POST /v1/listen. The free /v1/auth/token would pass without credit.
class DeepgramProber final : public Prober {
 public:
  // `base_url` without a slash at its end. The client outlives the prober.
  DeepgramProber(http::Client& client, http::Url base_url);

  Task<absl::StatusOr<Verdict>> Probe(const Candidate& candidate) override;

 private:
  http::Client& client_;
  const http::Url base_url_;
};

// The rule: what an answer to the probe says.
absl::StatusOr<Verdict> JudgeDeepgram(const http::Response& response);

// One second of silence as WAV: PCM, mono, 8000 Hz, 16 bit; 16044 bytes.
std::string SilentWav();

}  // namespace latchkey::validator
