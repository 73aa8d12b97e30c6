#include "sandbox/providers/anthropic_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <vector>

#include "sandbox/providers/anthropic_models.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

// From this version on, sampling parameters are refused (migration to 2026-10-21).
constexpr std::string_view kWithoutSampling = "2026-10-21";

std::string Text(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string TypeAt(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  const json::object* const inner = value == nullptr ? nullptr : value->if_object();
  return inner == nullptr ? std::string() : Text(*inner, "type");
}

// The text of a content that is a string, or a list of blocks.
std::string TextOf(const json::value& content) {
  if (content.is_string()) return std::string(content.get_string());
  std::string text;
  if (!content.is_array()) return text;
  for (const json::value& block : content.get_array()) {
    const json::object* const object = block.if_object();
    const std::string part = object == nullptr ? std::string() : Text(*object, "text");
    if (!text.empty() && !part.empty()) text += ' ';
    text += part;
  }
  return text;
}

std::string AnswerIn(const std::string& content) {
  boost::system::error_code error;
  const json::value value = json::parse(content, error);
  if (error || !value.is_object()) return content;
  const std::string answer = Text(value.get_object(), "answer");
  return answer.empty() ? Text(value.get_object(), "error") : answer;
}

bool HasEmptyText(const json::value& content) {
  if (content.is_string()) return content.get_string().empty();
  if (!content.is_array()) return true;
  return std::ranges::any_of(content.get_array(), [](const json::value& block) {
    const json::object* const object = block.if_object();
    return object != nullptr && Text(*object, "type") == "text" && Text(*object, "text").empty();
  });
}

// The ids under `field` of a message's blocks of one type.
std::vector<std::string> IdsOf(const json::object& message, std::string_view type,
                               std::string_view field) {
  std::vector<std::string> ids;
  const json::value& content = message.at("content");
  if (!content.is_array()) return ids;
  for (const json::value& block : content.get_array()) {
    const json::object* const object = block.if_object();
    if (object != nullptr && Text(*object, "type") == type) ids.push_back(Text(*object, field));
  }
  return ids;
}

std::string WrongWithMessage(const json::value& message, size_t index) {
  const json::object* const object = message.if_object();
  if (object == nullptr || !object->contains("role") || !object->contains("content")) {
    return fmt::format("messages.{}: each needs a role and content", index);
  }
  const std::string role = Text(*object, "role");
  if (role != "user" && role != "assistant") {
    return fmt::format("messages.{}.role: Input should be 'user' or 'assistant'", index);
  }
  if (index == 0 && role != "user") return "messages: first message must use the user role";
  if (HasEmptyText(object->at("content"))) {
    return "messages: text content blocks must be non-empty";
  }
  return "";
}

// Each use of a tool has its result in the very next message.
std::string WrongWithTools(const json::array& messages) {
  for (size_t i = 0; i < messages.size(); ++i) {
    const std::vector<std::string> used = IdsOf(messages[i].get_object(), "tool_use", "id");
    if (used.empty()) continue;
    const std::vector<std::string> answered =
        i + 1 == messages.size()
            ? std::vector<std::string>()
            : IdsOf(messages[i + 1].get_object(), "tool_result", "tool_use_id");
    for (const std::string& id : used) {
      if (std::ranges::find(answered, id) != answered.end()) continue;
      return fmt::format(
          "messages.{}: `tool_use` ids were found without `tool_result` blocks immediately after: "
          "{}.",
          i, id);
    }
  }
  return "";
}

std::string WrongWithModel(const json::object& body, const AnthropicModel& model) {
  const std::string thinking = TypeAt(body, "thinking");
  if (thinking == "disabled" && !model.thinking_can_be_disabled) {
    return "thinking.type: 'disabled' is not supported on this model";
  }
  if (thinking == "enabled" && !model.TakesThinkingEnabled()) {
    return "thinking.type: 'enabled' is not supported on this model";
  }
  const std::string choice = TypeAt(body, "tool_choice");
  if (!model.tools_can_be_forced && (choice == "any" || choice == "tool")) {
    return "tool_choice: forced tool use is not supported on this model";
  }
  const bool prefilled = body.at("messages").get_array().back().at("role") == "assistant";
  if (prefilled && !model.TakesPrefill()) {
    return "This model does not support assistant message prefill.";
  }
  return "";
}

std::string WrongWithFields(const json::object& body, std::string_view version) {
  if (Text(body, "model").empty()) return "model: Field required";
  for (const char* sampling : {"temperature", "top_p", "top_k"}) {
    if (version >= kWithoutSampling && body.contains(sampling)) {
      return fmt::format("{}: Extra inputs are not permitted", sampling);
    }
  }
  const json::value* const messages = body.if_contains("messages");
  const bool some = messages != nullptr && messages->is_array() && !messages->get_array().empty();
  return some ? "" : "messages: Field required";
}

}  // namespace

std::string WrongWithMessages(const json::value& body, std::string_view version) {
  const json::object* const object = body.if_object();
  if (object == nullptr) return "the body must be an object";
  std::string wrong = WrongWithFields(*object, version);
  if (!wrong.empty()) return wrong;
  const json::array& messages = object->at("messages").get_array();
  for (size_t i = 0; i < messages.size() && wrong.empty(); ++i) {
    wrong = WrongWithMessage(messages[i], i);
  }
  if (wrong.empty()) wrong = WrongWithTools(messages);
  const AnthropicModel* const model = FindAnthropicModel(ModelOf(*object));
  if (wrong.empty() && model != nullptr) wrong = WrongWithModel(*object, *model);
  return wrong;
}

std::string WrongWithMaxTokens(const json::object& body) {
  const json::value* const tokens = body.if_contains("max_tokens");
  if (tokens == nullptr || !tokens->is_int64()) return "max_tokens: Field required";
  return tokens->get_int64() < 0 ? "max_tokens: must be greater than or equal to 0" : "";
}

std::string ModelOf(const json::object& body) { return Text(body, "model"); }

std::string LastUserText(const json::object& body) {
  return TextOf(body.at("messages").as_array().back().at("content"));
}

ToolResultSeen LastToolResult(const json::object& body) {
  ToolResultSeen seen;
  const json::array& messages = body.at("messages").as_array();
  const json::value& last = messages.back().at("content");
  if (messages.size() < 2 || !last.is_array()) return seen;
  std::string id;
  for (const json::value& block : last.get_array()) {
    const json::object* const object = block.if_object();
    if (object == nullptr || Text(*object, "type") != "tool_result") continue;
    id = Text(*object, "tool_use_id");
    seen.answer = AnswerIn(Text(*object, "content"));
  }
  const json::value& asked = messages[messages.size() - 2].at("content");
  if (id.empty() || !asked.is_array()) return seen;
  for (const json::value& block : asked.get_array()) {
    const json::object* const object = block.if_object();
    if (object != nullptr && Text(*object, "id") == id) seen.tool = Text(*object, "name");
  }
  return seen;
}

bool MayUseTools(const json::object& body) { return TypeAt(body, "tool_choice") != "none"; }

bool OffersTool(const json::object& body, std::string_view name) {
  const json::value* const tools = body.if_contains("tools");
  if (tools == nullptr || !tools->is_array()) return false;
  return std::ranges::any_of(tools->get_array(), [name](const json::value& tool) {
    const json::object* const object = tool.if_object();
    return object != nullptr && Text(*object, "name") == name;
  });
}

bool Thinks(const json::object& body) {
  const std::string asked = TypeAt(body, "thinking");
  if (!asked.empty()) return asked != "disabled";
  const AnthropicModel* const model = FindAnthropicModel(ModelOf(body));
  return model != nullptr && model->ThinksUnasked();
}

int64_t WordsIn(std::string_view text) {
  int64_t words = 0;
  bool inside = false;
  for (const char letter : text) {
    const bool blank = letter == ' ' || letter == '\n';
    if (!blank && !inside) ++words;
    inside = !blank;
  }
  return words;
}

int64_t InputTokens(const json::object& body) {
  int64_t words = 0;
  const json::value* const system = body.if_contains("system");
  if (system != nullptr) words += WordsIn(TextOf(*system));
  for (const json::value& message : body.at("messages").as_array()) {
    words += WordsIn(TextOf(message.at("content")));
  }
  constexpr int64_t kFraming = 8;  // Of the roles; "Hi" is 9 tokens in the documents.
  return words + kFraming;
}

}  // namespace latchkey::sandbox
