// What a key's form alone tells, before any network is used; and what may be shown of a key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/provider/catalogue.h"

namespace latchkey::provider {

// Longer values are refused: no provider's key comes near it.
inline constexpr size_t kFieldBytesMax = 512;

// Refuses what can never work; anything else that looks odd comes back as sentences for the
// tenant. `value` is a key in the clear: the caller holds a SecretAccess, and nothing of it gets
// into the result.
//
// kInvalidArgument `byok_key_invalid`, metadata `provider`, `field` and `reason`:
//   malformed_key   empty, control characters, over 512 bytes, or without the prefix that the
//                   provider's keys always have
//   not_an_api_key  a consumer subscription's, an administrator's or a short-lived token
absl::StatusOr<std::vector<std::string>> CheckFormat(Provider provider, const Field& field,
                                                     std::string_view value);

// What its owner recognises a key by: the prefix that the provider's format defines, and the last
// four characters: "sk-proj-...xy12". Only "..." of the end when the value has under 16 characters.
std::string Preview(Provider provider, std::string_view value);

}  // namespace latchkey::provider
