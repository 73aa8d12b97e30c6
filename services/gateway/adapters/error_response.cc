#include "services/gateway/adapters/error_response.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/ascii.h"
#include "lib/base/error.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;

int HttpStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kUnimplemented:
      return 405;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kFailedPrecondition:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

std::string CodeName(absl::StatusCode code) {
  return absl::AsciiStrToLower(absl::StatusCodeToString(code));
}

}  // namespace

ErrorResponse MakeErrorResponse(const absl::Status& status) {
  ErrorResponse response;
  response.http_status = HttpStatus(status.code());
  const std::string reason = Reason(status);
  json::object error{{"code", reason.empty() ? CodeName(status.code()) : reason},
                     {"reason", reason},
                     {"message", Message(status)}};
  if (reason.empty() || status.code() == absl::StatusCode::kInternal) {
    error["message"] =
        "Something went wrong on our side. Try again; if it stays, tell the operator.";
  }
  json::object details;
  for (const auto& [name, value] : Metadata(status)) {
    if (name == "reason") {
      error["reason"] = value;
    } else if (name == "retry_after_seconds") {
      response.retry_after_s = value;
    } else {
      details[name] = value;
    }
  }
  if (!details.empty()) error["details"] = std::move(details);
  // The product's page promises 422 for a key that its provider does not take.
  if (reason == "byok_key_invalid") response.http_status = 422;
  response.body = json::serialize(json::object{{"error", std::move(error)}});
  return response;
}

}  // namespace latchkey::gateway
