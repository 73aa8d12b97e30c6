// Anthropic: one token of the smallest model, which needs the key, credit and the model together.
#pragma once

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "services/validator/domain/ports.h"

namespace latchkey::validator {

// POST /v1/messages. The free /v1/models would pass with an empty balance.
class AnthropicProber final : public Prober {
 public:
  // `base_url` without a slash at its end. The client outlives the prober.
  AnthropicProber(http::Client& client, http::Url base_url);

  Task<absl::StatusOr<Verdict>> Probe(const Candidate& candidate) override;

 private:
  http::Client& client_;
  const http::Url base_url_;
};

// The rule: what an answer to the probe says.
absl::StatusOr<Verdict> JudgeAnthropic(const http::Response& response);

// How many calls at a time the rate limits in the answer's headers bear (lib/provider); 5 without
// such headers.
int AnthropicCallCeiling(const http::Headers& headers);

}  // namespace latchkey::validator
