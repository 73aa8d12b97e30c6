#include "sandbox/providers/anthropic_messages.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view kModels[] = {"claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5",
                                        "claude-haiku-4-5"};

std::string Event(std::string_view name, const json::object& data) {
  return fmt::format("event: {}\ndata: {}\n\n", name, json::serialize(data));
}

json::object Usage(int output_tokens) {
  return {{"input_tokens", 152},
          {"output_tokens", output_tokens},
          {"cache_creation_input_tokens", 0},
          {"cache_read_input_tokens", 0}};
}

// The text of a content that is a string, or a list of blocks.
std::string TextOf(const json::value& content) {
  if (content.is_string()) return std::string(content.get_string());
  std::string text;
  if (!content.is_array()) return text;
  for (const json::value& block : content.get_array()) {
    const json::object* const object = block.if_object();
    if (object == nullptr || !object->contains("text")) continue;
    if (!text.empty()) text += ' ';
    if (object->at("text").is_string()) text += std::string_view(object->at("text").get_string());
  }
  return text;
}

std::string WrongWithMessage(const json::value& message, bool first) {
  const json::object* const object = message.if_object();
  if (object == nullptr || !object->contains("role") || !object->contains("content")) {
    return "messages: each needs a role and content";
  }
  if (first && object->at("role") != "user") {
    return "messages: first message must use the user role";
  }
  if (TextOf(object->at("content")).empty() && !object->at("content").is_array()) {
    return "messages: text content blocks must be non-empty";
  }
  return "";
}

}  // namespace

bool ServesModel(std::string_view model) {
  for (const std::string_view served : kModels) {
    if (model.starts_with(served)) return true;  // A dated id is its model's.
  }
  return false;
}

std::string WrongWithMessages(const json::value& body) {
  const json::object* const object = body.if_object();
  if (object == nullptr) return "the body must be an object";
  const json::value* const model = object->if_contains("model");
  if (model == nullptr || !model->is_string()) return "model: Field required";
  const json::value* const tokens = object->if_contains("max_tokens");
  if (tokens == nullptr || !tokens->is_int64()) return "max_tokens: Field required";
  const json::value* const messages = object->if_contains("messages");
  if (messages == nullptr || !messages->is_array() || messages->get_array().empty()) {
    return "messages: Field required";
  }
  bool first = true;
  for (const json::value& message : messages->get_array()) {
    std::string wrong = WrongWithMessage(message, first);
    if (!wrong.empty()) return wrong;
    first = false;
  }
  if (messages->get_array().back().at("role") != "user") {
    return "This model does not support assistant message prefill.";
  }
  return "";
}

std::string LastUserText(const json::object& body) {
  return TextOf(body.at("messages").as_array().back().at("content"));
}

std::string ModelOf(const json::object& body) { return std::string(body.at("model").get_string()); }

json::object WholeMessage(const Scenario& scenario, const json::object& body) {
  const AgentReply* const reply = scenario.ReplyTo(LastUserText(body));
  std::string text = reply == nullptr ? "I see." : reply->say;
  const bool one_token = body.at("max_tokens").get_int64() == 1;
  if (one_token) text = text.substr(0, text.find(' '));
  const json::object block{{"type", "text"}, {"text", text}};
  return {{"id", "msg_sandbox"},           {"type", "message"},
          {"role", "assistant"},           {"model", ModelOf(body)},
          {"content", json::array{block}}, {"stop_reason", one_token ? "max_tokens" : "end_turn"},
          {"stop_sequence", nullptr},      {"usage", Usage(one_token ? 1 : 20)}};
}

json::object AnthropicModels() {
  json::array data;
  for (const std::string_view model : kModels) {
    data.push_back(json::object{{"id", model},
                                {"type", "model"},
                                {"display_name", model},
                                {"created_at", "2026-10-07T00:00:00Z"},
                                {"lifecycle", "active"},
                                {"max_input_tokens", 1'000'000},
                                {"max_tokens", 128'000}});
  }
  return {{"data", std::move(data)},
          {"has_more", false},
          {"first_id", kModels[0]},
          {"last_id", kModels[std::size(kModels) - 1]}};
}

json::object AnthropicError(std::string_view type, std::string_view message) {
  return {{"type", "error"},
          {"error", json::object{{"type", type}, {"message", message}}},
          {"request_id", "req_sandbox"}};
}

std::string AnthropicErrorType(int status) {
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

std::string AnthropicErrorMessage(int status) {
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
    case 529:
      return "Overloaded";
    default:
      return "Internal server error";
  }
}

std::string MessageStart(std::string_view model) {
  const json::object message{{"id", "msg_sandbox"},      {"type", "message"},
                             {"role", "assistant"},      {"model", model},
                             {"content", json::array()}, {"stop_reason", nullptr},
                             {"stop_sequence", nullptr}, {"usage", Usage(1)}};
  return Event("message_start", {{"type", "message_start"}, {"message", message}}) +
         Event("ping", {{"type", "ping"}});
}

std::string TextBlockStart() {
  return Event("content_block_start",
               {{"type", "content_block_start"},
                {"index", 0},
                {"content_block", json::object{{"type", "text"}, {"text", ""}}}});
}

std::string TextDelta(std::string_view text) {
  return Event("content_block_delta",
               {{"type", "content_block_delta"},
                {"index", 0},
                {"delta", json::object{{"type", "text_delta"}, {"text", text}}}});
}

std::string BlockStop(int index) {
  return Event("content_block_stop", {{"type", "content_block_stop"}, {"index", index}});
}

std::string EndCallBlock() {
  const json::object tool{{"type", "tool_use"},
                          {"id", "toolu_sandbox"},
                          {"name", "end_call"},
                          {"input", json::object()}};
  const json::object delta{{"type", "input_json_delta"}, {"partial_json", "{}"}};
  return Event("content_block_start",
               {{"type", "content_block_start"}, {"index", 1}, {"content_block", tool}}) +
         Event("content_block_delta",
               {{"type", "content_block_delta"}, {"index", 1}, {"delta", delta}}) +
         BlockStop(1);
}

std::string MessageEnd(std::string_view stop_reason) {
  const json::object delta{{"stop_reason", stop_reason}, {"stop_sequence", nullptr}};
  return Event("message_delta", {{"type", "message_delta"},
                                 {"delta", delta},
                                 {"usage", json::object{{"output_tokens", 20}}}}) +
         Event("message_stop", {{"type", "message_stop"}});
}

std::string ErrorEvent(int status) {
  return Event("error", AnthropicError(AnthropicErrorType(status), AnthropicErrorMessage(status)));
}

}  // namespace latchkey::sandbox
