// Validation: takes a candidate to the provider that it claims to be for.
#pragma once

#include <map>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/provider/catalogue.h"
#include "services/validator/domain/candidate.h"
#include "services/validator/domain/ports.h"
#include "services/validator/domain/verdict.h"

namespace latchkey::validator {

// Keeps nothing. Lives on one io thread. The probers outlive it.
class Validation {
 public:
  explicit Validation(std::map<Provider, Prober*> probers);

  // The provider's verdict, or why there is none:
  //
  //   kInvalidArgument  malformed_request      a required field is missing, or the provider cannot
  //                                            be probed
  //   kUnavailable      provider_unreachable, provider_rate_limited   as Prober::Probe
  Task<absl::StatusOr<Verdict>> Probe(Provider provider, const Candidate& candidate);

 private:
  const std::map<Provider, Prober*> probers_;
};

}  // namespace latchkey::validator
