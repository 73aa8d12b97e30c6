// AnthropicAnswer: what the model says to one request, before it is put into a body or a stream.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {

struct AnthropicAnswer {
  std::string id;  // "msg_sandbox0001"
  std::string model;
  std::string thinking;  // Comes first where it is not empty.
  std::string text;
  std::vector<ScriptedTool> tools;  // Used after the text, each once.
  bool end_call = false;            // Used after them.
  std::string stop_reason = "end_turn";
  std::string stop_sequence;  // Only for that reason.
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
};

// The scenario's reply to what the user said last, cut by max_tokens and stop_sequences. `body` has
// passed WrongWithMessages.
AnthropicAnswer MakeAnthropicAnswer(const Scenario& scenario, const boost::json::object& body);

// As the body of an answer that is not streamed.
boost::json::object WholeMessage(const AnthropicAnswer& answer);

// What message_start carries: no content yet.
boost::json::object EmptyMessage(const AnthropicAnswer& answer);

// The use of end_call, as the whole of it or as the start of its block, where the input is empty
// too.
boost::json::object EndCallUse(const AnthropicAnswer& answer);

// The use of the `index`th of its tools, without its arguments.
boost::json::object ToolUse(const AnthropicAnswer& answer, size_t index);

}  // namespace latchkey::sandbox
