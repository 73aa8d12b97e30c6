#include "services/media/providers/anthropic_protocol.h"

#include <boost/json.hpp>
#include <utility>

#include "services/media/domain/json_scan.h"

namespace latchkey::media {
namespace {

namespace json = boost::json;
using Kind = AnthropicEvent::Kind;

// Some twenty seconds of speech; nobody listens longer on the telephone.
constexpr int kTokensMax = 300;

json::value ParseObject(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return json::object();
  return value;
}

json::array ToolsOf(const std::vector<ToolDeclaration>& declared) {
  json::array tools;
  for (const ToolDeclaration& tool : declared) {
    tools.push_back({{"name", tool.name},
                     {"description", tool.description},
                     {"input_schema", ParseObject(tool.parameters)}});
  }
  return tools;
}

// A message with uses or results has blocks; results come before what was said.
json::value ContentOf(const Said& said) {
  if (said.uses.empty() && said.results.empty()) return json::string(said.text);
  json::array blocks;
  for (const ToolResult& result : said.results) {
    json::object block{
        {"type", "tool_result"}, {"tool_use_id", result.id}, {"content", result.content}};
    if (result.failed) block["is_error"] = true;
    blocks.push_back(std::move(block));
  }
  if (!said.text.empty()) blocks.push_back({{"type", "text"}, {"text", said.text}});
  for (const ToolUse& use : said.uses) {
    blocks.push_back({{"type", "tool_use"},
                      {"id", use.id},
                      {"name", use.name},
                      {"input", ParseObject(use.arguments)}});
  }
  return blocks;
}

json::array MessagesOf(const std::vector<Said>& history) {
  json::array messages;
  for (const Said& said : history) {
    messages.push_back(
        {{"role", said.by_agent ? "assistant" : "user"}, {"content", ContentOf(said)}});
  }
  // No prefill: a last message of the assistant is refused (400) on models from 4.6 on.
  if (!history.empty() && history.back().by_agent) {
    messages.push_back({{"role", "user"}, {"content", "[silence]"}});
  }
  return messages;
}

std::string_view RawOf(std::string_view text, std::string_view name) {
  return FindMember(text, name).value_or("");
}

std::string_view TextOf(std::string_view text, std::string_view name) {
  return PlainText(RawOf(text, name)).value_or("");
}

int StatusOfError(std::string_view type) {
  if (type == "authentication_error") return 401;
  if (type == "billing_error") return 402;
  if (type == "permission_error") return 403;
  if (type == "rate_limit_error") return 429;
  if (type == "timeout_error") return 504;
  if (type == "overloaded_error" || type == "api_error") return 529;
  return 400;
}

AnthropicEvent DeltaEvent(std::string_view data) {
  const std::string_view delta = RawOf(data, "delta");
  const std::string_view type = TextOf(delta, "type");
  const bool text = type == "text_delta";
  if (!text && type != "input_json_delta") return {};
  std::string scratch;
  const std::string_view raw = RawOf(delta, text ? "text" : "partial_json");
  return {.kind = text ? Kind::kText : Kind::kToolArguments,
          .text = std::string(AnyText(raw, scratch).value_or(""))};
}

AnthropicEvent StartEvent(std::string_view data) {
  const std::string_view block = RawOf(data, "content_block");
  if (TextOf(block, "type") != "tool_use") return {};
  return {.kind = Kind::kToolBegin,
          .tool = {.id = std::string(TextOf(block, "id")),
                   .name = std::string(TextOf(block, "name")),
                   .arguments = ""}};
}

}  // namespace

std::string ComposeAnthropicRequest(const Prompt& prompt) {
  const std::string model(prompt.model.empty() ? kAnthropicModel : prompt.model);
  json::object body;
  body["model"] = model;
  body["max_tokens"] = kTokensMax;
  body["stream"] = true;
  // Thinking would be paid for with silence. Only the Haiku models let it be switched off.
  if (model.find("haiku") != std::string::npos) {
    body["thinking"] = {{"type", "disabled"}};
  } else {
    body["output_config"] = {{"effort", "low"}};
  }
  if (!prompt.system.empty()) {
    json::object system{{"type", "text"},
                        {"text", json::string_view(prompt.system.data(), prompt.system.size())},
                        {"cache_control", {{"type", "ephemeral"}}}};
    body["system"] = json::array{std::move(system)};
  }
  body["messages"] = MessagesOf(*prompt.messages);
  if (prompt.tools != nullptr && !prompt.tools->empty()) body["tools"] = ToolsOf(*prompt.tools);
  if (!prompt.may_use_tools) body["tool_choice"] = {{"type", "none"}};
  return json::serialize(body);
}

AnthropicEvent ParseAnthropicEvent(const http::SseEvent& event) {
  const std::string_view data = event.data;
  if (event.event == "content_block_delta") return DeltaEvent(data);
  if (event.event == "content_block_start") return StartEvent(data);
  if (event.event == "content_block_stop") return {.kind = Kind::kBlockEnd};
  if (event.event == "message_stop") return {.kind = Kind::kDone};
  if (event.event == "error") {
    return {.kind = Kind::kFailed, .status = StatusOfError(TextOf(RawOf(data, "error"), "type"))};
  }
  return {};
}

int AnthropicStatus(int http_status, std::string_view body) {
  const auto says = [body](std::string_view text) {
    return body.find(text) != std::string_view::npos;
  };
  // The month's cap: waiting does not help.
  const bool capped = says("enforced_spend_limit_reached") || says("contract_spend_limit_reached");
  if (http_status == 429) return capped ? 402 : 429;
  if (http_status != 400) return http_status;
  if (says("organization_on_hold")) return 403;
  // Nothing else tells an empty balance from a bad request (providers' errors, 400).
  return says("credit balance") || says("usage limits") ? 402 : 400;
}

}  // namespace latchkey::media
