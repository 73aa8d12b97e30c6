// What a session.update and a response.create may say, and how OpenAI refuses the rest.
#pragma once

#include <boost/json/value.hpp>
#include <optional>

#include "sandbox/providers/openai_error.h"

namespace latchkey::sandbox {

// The `session` of a session.update, nullptr when there is none.
std::optional<OpenaiError> WrongWithOpenaiSession(const boost::json::value* session);

// The `response` of a response.create, nullptr when there is none.
std::optional<OpenaiError> WrongWithOpenaiResponse(const boost::json::value* response);

}  // namespace latchkey::sandbox
