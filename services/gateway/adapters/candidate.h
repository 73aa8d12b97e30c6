// Candidate: takes a key out of a request's body and seals it to keyvault's intake key.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/provider/catalogue.h"
#include "services/gateway/adapters/key_body.h"

namespace latchkey::gateway {

// Whose key it is.
struct KeyOwner {
  std::string tenant_id;
  std::string number_id;  // Empty for a key of the whole tenant.
  provider::Provider provider = provider::Provider::kOpenai;
};

// The only function that sees a provider's key in gateway. Seals each field that the catalogue
// names, under its owner and field, without a byte of them outside of guarded memory. `beside`
// members of the body are not of the key.
//
//   kInvalidArgument  malformed_body  a field is missing, unknown or not a text
absl::StatusOr<keyvault::v1::Candidate> SealCandidate(
    const KeyBody& body, size_t beside, const KeyOwner& owner,
    const keyvault::v1::GetIntakeKeyResponse& intake);

// What a body that is no key of this provider's is answered with: kInvalidArgument
// `malformed_body`.
absl::Status MalformedKeyBody(provider::Provider provider);

}  // namespace latchkey::gateway
