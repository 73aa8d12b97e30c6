// Judged: short names for what a provider's rule says of an answer, for the tests of the rules.
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "lib/http/client.h"
#include "services/validator/domain/verdict.h"
#include "tests/support/status_matchers.h"

namespace latchkey::validator {

inline http::Response Answer(int status, std::string body = "", http::Headers headers = {}) {
  http::Response response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

MATCHER(IsValid, "is a valid key") {
  *result_listener << (arg.ok() ? std::string(Name(arg->rejection)) : arg.status().ToString());
  return arg.ok() && arg->valid();
}

MATCHER_P(IsRejected, why, "is rejected") {
  *result_listener << (arg.ok() ? std::string(Name(arg->rejection)) : arg.status().ToString());
  return arg.ok() && arg->rejection == why && !arg->message.empty();
}

MATCHER(IsUnreachable, "is no verdict: out of reach") {
  return testing::ExplainMatchResult(
      StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"), arg, result_listener);
}

MATCHER(IsRateLimited, "is no verdict: later") {
  return testing::ExplainMatchResult(
      StatusIs(absl::StatusCode::kUnavailable, "provider_rate_limited"), arg, result_listener);
}

}  // namespace latchkey::validator
