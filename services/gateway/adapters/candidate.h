// Candidate: takes a key out of a request's body and seals it to keyvault's intake key.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/provider/catalogue.h"

namespace latchkey::gateway {

// The only function that sees a provider's key in gateway. Seals each field that the catalogue
// names, under the tenant, provider and field; wipes `body` whether or not it succeeds.
//
//   kInvalidArgument  malformed_body  not a JSON object of texts, or a field is missing or unknown
absl::StatusOr<keyvault::v1::Candidate> SealCandidate(
    std::string& body, std::string_view tenant_id, provider::Provider provider,
    const keyvault::v1::GetIntakeKeyResponse& intake);

}  // namespace latchkey::gateway
