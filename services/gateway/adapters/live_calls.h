// Live calls: what is to become of them when a key is removed.
#pragma once

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "services/gateway/adapters/api_request.h"

namespace latchkey::gateway {

// ?live_calls=finish (the default) or end. kInvalidArgument `malformed_parameter`.
absl::StatusOr<keyvault::v1::LiveCalls> ParseLiveCalls(const ApiRequest& request);

}  // namespace latchkey::gateway
