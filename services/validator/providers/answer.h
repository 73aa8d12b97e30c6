// What the providers' answers have in common: error bodies, and answers that judge nothing.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "lib/http/client.h"
#include "lib/provider/catalogue.h"

namespace latchkey::validator {

// How long one probe may take. A call to us lasts a few seconds more.
http::Limits ProbeLimits();

// The text at `path` ("error.details.error_code") of a JSON body; numbers as text; "" when it is
// not there, or the body is not JSON. The parsed body is wiped: a provider may echo a key.
std::string TextAt(std::string_view body, std::string_view path);
inline std::string TextAt(const http::Response& response, std::string_view path) {
  return TextAt(response.body, path);
}

// The provider is out of reach, failed by itself, or answered what we do not understand.
absl::Status Unreachable(Provider provider, std::string_view what);
// For an answer with 429: `retry_after_seconds` from its Retry-After header.
absl::Status RateLimited(Provider provider, const http::Response& response);
// For an error of http::Client.
absl::Status NoAnswer(Provider provider, const absl::Status& error);
// For every answer that is neither a verdict nor a 429.
absl::Status NoVerdict(Provider provider, const http::Response& response);

}  // namespace latchkey::validator
