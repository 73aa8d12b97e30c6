#include "sandbox/providers/anthropic_answer.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "sandbox/providers/anthropic_request.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view kThought = "Who speaks on the telephone wants a short answer. ";

std::string Thought(const Scenario& scenario, const json::object& body) {
  using Thinking = AnthropicQuirks::Thinking;
  const AnthropicQuirks& quirks = scenario.quirks.anthropic;
  const bool thinks = quirks.thinking == Thinking::kAlways ||
                      (quirks.thinking == Thinking::kAsAsked && Thinks(body));
  std::string thought;
  while (thinks && WordsIn(thought) < quirks.thinking_words) thought += kThought;
  return thought;
}

// Where the first `words` words end.
size_t EndOfWords(std::string_view text, int64_t words) {
  size_t end = 0;
  while (words > 0 && end < text.size()) {
    end = std::min(text.find(' ', end + 1), text.size());
    --words;
  }
  return end;
}

void UseNothing(AnthropicAnswer& answer) {
  answer.tools.clear();
  answer.end_call = false;
}

void CutAtSequence(const json::object& body, AnthropicAnswer& answer) {
  const json::value* const sequences = body.if_contains("stop_sequences");
  if (sequences == nullptr || !sequences->is_array()) return;
  for (const json::value& sequence : sequences->get_array()) {
    if (!sequence.is_string() || sequence.get_string().empty()) continue;
    const size_t at = answer.text.find(sequence.get_string().c_str());
    if (at == std::string::npos) continue;
    answer.text.resize(at);
    answer.stop_reason = "stop_sequence";
    answer.stop_sequence = sequence.get_string().c_str();
    UseNothing(answer);
  }
}

// Thinking is output too: with too few tokens nothing is left to be said.
void CutAtTokens(const json::object& body, AnthropicAnswer& answer) {
  const int64_t allowed = body.at("max_tokens").get_int64();
  const int64_t thought = WordsIn(answer.thinking);
  const int64_t said = WordsIn(answer.text);
  if (thought + said <= allowed && allowed > 1) return;
  answer.thinking.resize(EndOfWords(answer.thinking, allowed));
  answer.text.resize(EndOfWords(answer.text, std::max<int64_t>(0, allowed - thought)));
  answer.stop_reason = "max_tokens";
  answer.stop_sequence.clear();
  UseNothing(answer);
}

void EndAsTheScenarioSays(const std::string& stop_reason, AnthropicAnswer& answer) {
  if (stop_reason.empty()) return;
  const int64_t keep = stop_reason == "refusal" ? 0 : WordsIn(answer.text) / 2;
  answer.text.resize(EndOfWords(answer.text, keep));
  answer.stop_reason = stop_reason;
  answer.stop_sequence.clear();
  UseNothing(answer);
}

void UseTools(const AgentReply& reply, const json::object& body, AnthropicAnswer& answer) {
  for (const ScriptedTool& tool : reply.tools) {
    if (!OffersTool(body, tool.name)) continue;
    for (int i = 0; i < tool.times; ++i) answer.tools.push_back(tool);
  }
  answer.end_call = reply.end_call && OffersTool(body, "end_call");
  if (answer.end_call || !answer.tools.empty()) answer.stop_reason = "tool_use";
}

std::string WithAnswer(std::string say, std::string_view answer) {
  constexpr std::string_view kPlace = "{answer}";
  const size_t at = say.find(kPlace);
  if (at != std::string::npos) say.replace(at, kPlace.size(), answer);
  return say;
}

json::object Usage(const AnthropicAnswer& answer, int64_t output_tokens) {
  return {{"input_tokens", answer.input_tokens},
          {"output_tokens", output_tokens},
          {"cache_creation_input_tokens", 0},
          {"cache_read_input_tokens", 0},
          {"service_tier", "standard"}};
}

json::value OrNull(const std::string& text) {
  if (text.empty()) return nullptr;
  return json::string(text);
}

}  // namespace

AnthropicAnswer MakeAnthropicAnswer(const Scenario& scenario, const json::object& body) {
  const ToolResultSeen seen = LastToolResult(body);
  const AgentReply* reply = scenario.ReplyToTool(seen.tool);
  if (reply == nullptr) reply = scenario.ReplyTo(LastUserText(body));
  AnthropicAnswer answer;
  answer.model = ModelOf(body);
  answer.thinking = Thought(scenario, body);
  answer.text = reply == nullptr ? "I see." : WithAnswer(reply->say, seen.answer);
  if (reply != nullptr && MayUseTools(body)) UseTools(*reply, body, answer);
  CutAtSequence(body, answer);
  CutAtTokens(body, answer);
  EndAsTheScenarioSays(scenario.quirks.anthropic.stop_reason, answer);
  answer.input_tokens = InputTokens(body);
  answer.output_tokens = WordsIn(answer.thinking) + WordsIn(answer.text);
  return answer;
}

json::object EndCallUse(const AnthropicAnswer& answer) {
  return {{"type", "tool_use"},
          {"id", "toolu_" + answer.id},
          {"name", "end_call"},
          {"input", json::object()}};
}

json::object ToolUse(const AnthropicAnswer& answer, size_t index) {
  return {{"type", "tool_use"},
          {"id", "toolu_" + answer.id + "_" + std::to_string(index)},
          {"name", answer.tools[index].name},
          {"input", json::object()}};
}

json::object EmptyMessage(const AnthropicAnswer& answer) {
  return {{"id", answer.id},          {"type", "message"},        {"role", "assistant"},
          {"model", answer.model},    {"content", json::array()}, {"stop_reason", nullptr},
          {"stop_sequence", nullptr}, {"usage", Usage(answer, 1)}};
}

json::object WholeMessage(const AnthropicAnswer& answer) {
  json::array content;
  if (!answer.thinking.empty()) {
    content.push_back(json::object{
        {"type", "thinking"}, {"thinking", answer.thinking}, {"signature", "c2FuZGJveA=="}});
  }
  if (!answer.text.empty()) {
    content.push_back(json::object{{"type", "text"}, {"text", answer.text}});
  }
  for (size_t i = 0; i < answer.tools.size(); ++i) {
    content.push_back(ToolUse(answer, i));
    content.back().as_object()["input"] = json::parse(answer.tools[i].arguments);
  }
  if (answer.end_call) content.push_back(EndCallUse(answer));
  json::object message = EmptyMessage(answer);
  message["content"] = std::move(content);
  message["stop_reason"] = answer.stop_reason;
  message["stop_sequence"] = OrNull(answer.stop_sequence);
  message["usage"] = Usage(answer, answer.output_tokens);
  if (answer.stop_reason == "refusal") {
    message["stop_details"] = json::object{{"type", "refusal"}, {"category", nullptr}};
  }
  return message;
}

}  // namespace latchkey::sandbox
