// Cartesia: a very short synthesis, which needs the key, credit, the model and a voice together.
#pragma once

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "services/validator/domain/ports.h"

namespace latchkey::validator {

// POST /tts/bytes with three characters of text.
class CartesiaProber final : public Prober {
 public:
  // `base_url` without a slash at its end. The client outlives the prober.
  CartesiaProber(http::Client& client, http::Url base_url);

  Task<absl::StatusOr<Verdict>> Probe(const Candidate& candidate) override;

 private:
  http::Client& client_;
  const http::Url base_url_;
};

// The rule: what an answer to the probe says.
absl::StatusOr<Verdict> JudgeCartesia(const http::Response& response);

}  // namespace latchkey::validator
