// Bearer: how a tenant's API key comes in, and the hash that goes on to orchestrator.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace latchkey::gateway {

// The SHA-256 (32 bytes) of the API key in an Authorization header: "Bearer ac_live_…". The key
// itself goes no further than this function.
//
//   kUnauthenticated  api_key_missing  no such header, or not an API key of ours
absl::StatusOr<std::string> ApiKeyHash(std::string_view authorization);

}  // namespace latchkey::gateway
