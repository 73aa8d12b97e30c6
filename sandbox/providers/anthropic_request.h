// Anthropic's requests: what the Messages API takes, and what it refuses with 400.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace latchkey::sandbox {

// What is wrong with a request's body under this anthropic-version, as the API would say it; ""
// when nothing is. The other functions take only bodies that are right.
std::string WrongWithMessages(const boost::json::value& body, std::string_view version);

// The same of what only an answer needs; tokens are counted without it.
std::string WrongWithMaxTokens(const boost::json::object& body);

std::string ModelOf(const boost::json::object& body);
// What the user said last, in plain text; "" when it was a tool's result.
std::string LastUserText(const boost::json::object& body);
// A tool's result in the last message: the last one, if there are several.
struct ToolResultSeen {
  std::string tool;    // Its name; "" when the last message has no result.
  std::string answer;  // What the tool answered: the member "answer" of a result that is an object,
                       // or "error"; else all of it.
};
ToolResultSeen LastToolResult(const boost::json::object& body);
bool MayUseTools(const boost::json::object& body);  // False: tool_choice says none.
bool OffersTool(const boost::json::object& body, std::string_view name);
// Whether the model thinks before it answers.
bool Thinks(const boost::json::object& body);
// A word is a token here.
int64_t InputTokens(const boost::json::object& body);
int64_t WordsIn(std::string_view text);

}  // namespace latchkey::sandbox
