// Everything that validator asks of the world.
#pragma once

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "services/validator/domain/candidate.h"
#include "services/validator/domain/verdict.h"

namespace latchkey::validator {

// One provider that can be asked whether a key works.
class Prober {
 public:
  virtual ~Prober() = default;

  // Asks with a request that costs next to nothing. Every required field of the provider's
  // catalogue entry is in `candidate`, which lives until the answer has come. An error is no
  // verdict on the key:
  //
  //   kUnavailable  provider_unreachable   out of reach, or an error of its own
  //   kUnavailable  provider_rate_limited  it asks us to come back later
  virtual Task<absl::StatusOr<Verdict>> Probe(const Candidate& candidate) = 0;
};

}  // namespace latchkey::validator
