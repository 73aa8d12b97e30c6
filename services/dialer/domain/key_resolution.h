// Key resolution: which key each provider of a call is used with. Decided here, once, and carried
// by the ticket.
#pragma once

#include <span>

#include "absl/status/statusor.h"
#include "services/dialer/domain/tenant.h"

namespace latchkey::dialer {

// The keys of one call.
struct ResolvedKeys {
  std::vector<KeyGrant> grants;  // STT, LLM, TTS, carrier; Realtime: OpenAI, carrier.
  KeyScope llm_scope;            // Anthropic's; of no tenant in a Realtime call.
  KeyScope carrier_scope;
  BillingMode mode = BillingMode::kBundled;
  int64_t llm_call_ceiling = 0;  // What the LLM account's limits bear; 0: no such limit.
};

// An AI key is the number's, if the plan includes keys by number; else, for a tenant in BYOK mode,
// the tenant's; else the platform's. The carrier's key follows the number: the platform's or the
// tenant's. Nothing falls back: a missing key is an error that names it. `keys` are the tenant's
// and the platform's.
//
//   kFailedPrecondition  onboarding_incomplete  a composed call of a BYOK tenant that is not
//                                               onboarded; `missing`: provider names by comma
//   kFailedPrecondition  key_missing            `provider`
//   kFailedPrecondition  key_invalid            `provider`
//   kFailedPrecondition  key_exhausted          `provider`
//   kFailedPrecondition  no_number              a bundled tenant has no number to call from
absl::StatusOr<ResolvedKeys> ResolveKeys(const Line& line, std::span<const KeyFacts> keys);

// Whose account a number's carrier knows it by: the platform's or the tenant's.
KeyScope CarrierScope(const Line& line);

// The carrier's key of the number alone. Errors: `key_missing`, `key_invalid`, `no_number`, as
// above.
absl::StatusOr<KeyScope> ResolveCarrierKey(const Line& line, std::span<const KeyFacts> keys);

}  // namespace latchkey::dialer
