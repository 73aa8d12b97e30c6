// OpenaiError: how OpenAI says that something is wrong, in REST answers and in Realtime events.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace latchkey::sandbox {

struct OpenaiError {
  OpenaiError() = default;
  OpenaiError(std::string its_code, std::string its_message, std::string its_param = "",
              std::string its_type = "invalid_request_error")
      : type(std::move(its_type)),
        code(std::move(its_code)),
        message(std::move(its_message)),
        param(std::move(its_param)) {}

  std::string type = "invalid_request_error";
  std::string code;  // Empty is null.
  std::string message;
  std::string param;  // Empty is null.
};

// The usual error for an HTTP status; `code` in place of the usual one where it is not empty.
OpenaiError OpenaiErrorFor(int status, std::string_view code);

// What is shown of a key in "Incorrect API key provided": "sk-proj-********AbCd".
OpenaiError WrongOpenaiKey(std::string_view key);
OpenaiError MissingOpenaiKey();
OpenaiError OpenaiModelNotFound(std::string_view model);

// {"error":{…}} of a REST answer.
std::string OpenaiErrorBody(const OpenaiError& error);

// The body of an `error` event. `event_id` is of the client's event that caused it, or "".
boost::json::object OpenaiErrorEvent(const OpenaiError& error, std::string_view event_id);

// The close frame with which a session ends on this error; code 0: it goes on.
struct OpenaiClose {
  uint16_t code = 0;
  std::string reason;  // "<error type>.<error code>"
};
OpenaiClose OpenaiCloseFor(const OpenaiError& error);

}  // namespace latchkey::sandbox
