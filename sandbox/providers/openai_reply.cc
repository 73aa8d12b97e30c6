#include "sandbox/providers/openai_reply.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <optional>

#include "sandbox/providers/openai_json.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view kBlank = " \t\n\"'";

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// What "Say ok." or `Say exactly: "Good morning."` wants to be said; "" when it is no such order.
std::string Dictated(std::string_view instructions) {
  constexpr std::string_view kExactly = "Say exactly:", kSay = "Say ";
  if (instructions.starts_with(kExactly)) {
    return std::string(Trim(instructions.substr(kExactly.size())));
  }
  if (instructions.starts_with(kSay)) return std::string(Trim(instructions.substr(kSay.size())));
  return "";
}

bool Offers(const json::value* tools, std::string_view name) {
  if (tools == nullptr || !tools->is_array()) return false;
  return std::ranges::any_of(tools->get_array(), [name](const json::value& tool) {
    return TextOf(&tool, "name") == name;
  });
}

// The first tool of the reply's that is offered, or end_call.
void Call(const AgentReply& scripted, const json::value* offered, OpenaiReply& reply) {
  for (const ScriptedTool& tool : scripted.tools) {
    if (!Offers(offered, tool.name)) continue;
    reply.end_call = true;
    reply.call_name = tool.name;
    reply.call_arguments = tool.arguments;
    return;
  }
  reply.end_call = scripted.end_call && Offers(offered, "end_call");
}

// The response's own setting, or the session's.
const json::value* Either(const json::value* overrides, const json::object& session,
                          std::string_view name) {
  const json::value* const own = FieldOf(overrides, name);
  return own == nullptr ? FieldOf(session, name) : own;
}

OpenaiConversation InputOf(const json::value& input) {
  OpenaiConversation conversation;
  if (!input.is_array()) return conversation;
  for (const json::value& item : input.get_array()) {
    if (item.is_object()) conversation.Add(MakeOpenaiItem(item.get_object(), "item_input"));
  }
  return conversation;
}

}  // namespace

OpenaiReply PlanOpenaiReply(const Scenario& scenario, const OpenaiConversation& conversation,
                            const json::object& session, const json::value* overrides) {
  OpenaiReply reply;
  reply.text = Dictated(TextOf(overrides, "instructions"));
  if (!reply.text.empty()) return reply;
  const json::value* const input = FieldOf(overrides, "input");
  const OpenaiConversation own = input == nullptr ? OpenaiConversation() : InputOf(*input);
  const OpenaiConversation& context = input == nullptr ? conversation : own;
  const std::optional<std::string> words = context.LastUserWords();
  if (context.EndsWithToolOutput()) {
    const AgentReply* const scripted = scenario.ReplyToTool(context.LastTool());
    reply.text = scripted == nullptr ? "All right." : scripted->say;
  } else if (!words.has_value()) {
    reply.text = "Hello, how can I help you?";
  } else {
    const AgentReply* const scripted = scenario.ReplyTo(*words);
    reply.text = scripted == nullptr ? "I see." : scripted->say;
    const json::value* const choice = Either(overrides, session, "tool_choice");
    const bool may_call = choice == nullptr || *choice != "none";
    if (scripted != nullptr && may_call) {
      Call(*scripted, Either(overrides, session, "tools"), reply);
    }
  }
  return reply;
}

}  // namespace latchkey::sandbox
