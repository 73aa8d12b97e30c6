// Candidate: takes a key out of a request's body and seals it to keyvault's intake key.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/provider/catalogue.h"
#include "lib/secret/secret.h"

namespace latchkey::gateway {

// The only function that sees a provider's key in gateway. Seals each field that the catalogue
// names, under the tenant, provider and field, without a byte of them outside of guarded memory.
//
//   kInvalidArgument  malformed_body  not a JSON object of texts, or a field is missing or unknown
absl::StatusOr<keyvault::v1::Candidate> SealCandidate(
    Secret body, std::string_view tenant_id, provider::Provider provider,
    const keyvault::v1::GetIntakeKeyResponse& intake);

}  // namespace latchkey::gateway
