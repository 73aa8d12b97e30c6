// Error response: the one place where a status becomes an HTTP status and the API's error body,
// {"error":{"code":…,"reason":…,"message":…}}.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace latchkey::gateway {

struct ErrorResponse {
  int http_status = 500;
  std::string body;           // JSON.
  std::string retry_after_s;  // For the header Retry-After; empty for none.
};

// `code` is the kind ("byok_key_invalid" as the API promises it, else the reason or the status
// code's name in lower case); `reason` says more where something more is known (for a rejected key
// the provider's reason). What travelled with the error and a tenant may act on is in `details`.
// A status that is not ours, or a bug of ours, tells nothing of its inside.
ErrorResponse MakeErrorResponse(const absl::Status& status);

}  // namespace latchkey::gateway
