// Anthropic's errors: the same object as the body of a refusal, and as an event in a stream.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace latchkey::sandbox {

// `code` is the API's error type ("overloaded_error"), or a finer details.error_code
// ("enforced_spend_limit_reached"); empty gives the type that the status has.
boost::json::object AnthropicError(int status, std::string_view code, std::string_view message,
                                   std::string_view request_id);
std::string AnthropicErrorMessage(int status, std::string_view code);  // 401: "invalid x-api-key"

// Whether waiting helps: a spend limit sends no Retry-After.
bool IsSpendLimit(std::string_view code);

}  // namespace latchkey::sandbox
