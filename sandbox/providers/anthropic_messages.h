// Anthropic's bodies: what the Messages API takes and answers, as JSON and as SSE events.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {

// What is wrong with a request's body, as the API would say it; "" when nothing is. The other
// functions take only bodies that are right.
std::string WrongWithMessages(const boost::json::value& body);
bool ServesModel(std::string_view model);

// What the user said last, in plain text.
std::string LastUserText(const boost::json::object& body);
std::string ModelOf(const boost::json::object& body);

// A whole answer; `max_tokens: 1` gives one word, as a probe expects.
boost::json::object WholeMessage(const Scenario& scenario, const boost::json::object& body);
boost::json::object AnthropicModels();
boost::json::object AnthropicError(std::string_view type, std::string_view message);
std::string AnthropicErrorType(int status);     // 401: "authentication_error"
std::string AnthropicErrorMessage(int status);  // 401: "invalid x-api-key"

// One SSE event each, with its blank line.
std::string MessageStart(std::string_view model);  // With the ping that follows it.
std::string TextBlockStart();
std::string TextDelta(std::string_view text);
std::string BlockStop(int index);
std::string EndCallBlock();  // The tool end_call, as block 1: start, input, stop.
std::string MessageEnd(std::string_view stop_reason);
std::string ErrorEvent(int status);

}  // namespace latchkey::sandbox
