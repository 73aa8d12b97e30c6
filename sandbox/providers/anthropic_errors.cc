#include "sandbox/providers/anthropic_errors.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

std::string_view TypeOf(int status) {
  switch (status) {
    case 400:
      return "invalid_request_error";
    case 401:
      return "authentication_error";
    case 402:
      return "billing_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 409:
      return "conflict_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 504:
      return "timeout_error";
    case 529:
      return "overloaded_error";
    default:
      return "api_error";
  }
}

bool IsType(std::string_view code) {
  return code.ends_with("_error") || code == "request_too_large";
}

}  // namespace

bool IsSpendLimit(std::string_view code) { return code.ends_with("_spend_limit_reached"); }

json::object AnthropicError(int status, std::string_view code, std::string_view message,
                            std::string_view request_id) {
  json::object error{{"type", IsType(code) ? code : TypeOf(status)}, {"message", message}};
  if (!code.empty() && !IsType(code)) error["details"] = json::object{{"error_code", code}};
  return {{"type", "error"}, {"error", std::move(error)}, {"request_id", request_id}};
}

std::string AnthropicErrorMessage(int status, std::string_view code) {
  if (code == "organization_on_hold") return "This organization is on hold.";
  if (IsSpendLimit(code)) return "You have reached your specified API usage limits.";
  switch (status) {
    case 400:
      return "Your credit balance is too low to access the Anthropic API.";
    case 401:
      return "invalid x-api-key";
    case 402:
      return "There is a problem with your billing.";
    case 403:
      return "Your API key does not have permission to use the specified resource.";
    case 429:
      return "This request would exceed your organization's rate limit.";
    case 504:
      return "The request timed out.";
    case 529:
      return "Overloaded";
    default:
      return "Internal server error";
  }
}

}  // namespace latchkey::sandbox
