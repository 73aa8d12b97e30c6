#include "services/media/providers/openai_protocol.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "lib/base/base64.h"
#include "lib/base/error.h"
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/json_scan.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

namespace json = boost::json;
using Kind = OpenaiServerEvent::Kind;

// Some forty seconds of speech and its words; nobody listens longer on the telephone.
constexpr int kTokensMax = 1024;
// The API's own default differs between its pages, so it is always sent.
constexpr int kSilenceMs = 500;
constexpr int64_t kSamplesPerMs = kSampleRateHz / 1000;

json::string_view View(std::string_view text) { return {text.data(), text.size()}; }

json::object TurnDetectionOf(const AgentSettings& agent) {
  json::object detection{{"create_response", true}, {"interrupt_response", true}};
  if (agent.turn_detection == TurnDetection::kSemanticVad) {
    detection["type"] = "semantic_vad";
    detection["eagerness"] = "auto";
    return detection;
  }
  detection["type"] = "server_vad";
  detection["threshold"] = 0.5;
  detection["prefix_padding_ms"] = 300;
  detection["silence_duration_ms"] = kSilenceMs;
  detection["idle_timeout_ms"] = nullptr;
  return detection;
}

json::object AudioOf(const AgentSettings& agent) {
  const json::object mulaw{{"type", "audio/pcmu"}};
  // The language alone: a country is none of ISO 639-1.
  const std::string language = agent.language.substr(0, agent.language.find('-'));
  const json::object transcription{{"model", View(kOpenaiTranscriber)}, {"language", language}};
  const json::object input{{"format", mulaw},
                           {"noise_reduction", nullptr},
                           {"transcription", transcription},
                           {"turn_detection", TurnDetectionOf(agent)}};
  const json::object output{{"format", mulaw}, {"voice", agent.realtime_voice}};
  return {{"input", input}, {"output", output}};
}

json::array ToolsOf(const AgentSettings& agent) {
  json::array tools;
  for (const ToolDeclaration& tool : DeclareTools(agent)) {
    boost::system::error_code error;
    tools.push_back({{"type", "function"},
                     {"name", tool.name},
                     {"description", tool.description},
                     {"parameters", json::parse(tool.parameters, error)}});
  }
  return tools;
}

std::string_view RawOf(std::string_view text, std::string_view name) {
  return FindMember(text, name).value_or("");
}

std::string_view TextOf(std::string_view text, std::string_view name) {
  return PlainText(RawOf(text, name)).value_or("");
}

std::string AnyTextOf(std::string_view text, std::string_view name) {
  std::string scratch;
  return std::string(AnyText(RawOf(text, name), scratch).value_or(""));
}

int64_t NumberOf(std::string_view text, std::string_view name) {
  // More is nonsense: a session's samples and tokens are far fewer.
  constexpr int64_t kMost = int64_t{1} << 40;
  return std::clamp<int64_t>(WholeNumber(RawOf(text, name)).value_or(0), 0, kMost);
}

struct Name {
  std::string_view type;
  Kind kind;
  std::string_view body;
};

// The frequent ones first.
constexpr Name kNames[] = {
    {"response.output_audio.delta", Kind::kAudio, "delta"},
    {"response.output_audio_transcript.delta", Kind::kWords, "delta"},
    {"response.output_audio.done", Kind::kAudioDone, ""},
    {"input_audio_buffer.speech_started", Kind::kSpeechStarted, "audio_start_ms"},
    {"input_audio_buffer.speech_stopped", Kind::kSpeechStopped, "audio_end_ms"},
    {"input_audio_buffer.committed", Kind::kItemCommitted, ""},
    {"conversation.item.input_audio_transcription.completed", Kind::kTranscribed, "transcript"},
    {"conversation.item.input_audio_transcription.failed", Kind::kNotTranscribed, ""},
    {"response.function_call_arguments.done", Kind::kToolCall, "arguments"},
    {"response.created", Kind::kResponseCreated, "response"},
    {"response.done", Kind::kResponseDone, "response"},
    {"session.created", Kind::kSessionCreated, "session"},
    {"session.updated", Kind::kSessionUpdated, "session"},
    {"error", Kind::kError, "error"}};

TokenUsage UsageOf(std::string_view usage) {
  const std::string_view input = RawOf(usage, "input_token_details");
  const std::string_view cached = RawOf(input, "cached_tokens_details");
  const std::string_view output = RawOf(usage, "output_token_details");
  return {.input_text = NumberOf(input, "text_tokens"),
          .input_audio = NumberOf(input, "audio_tokens"),
          .cached_text = NumberOf(cached, "text_tokens"),
          .cached_audio = NumberOf(cached, "audio_tokens"),
          .output_text = NumberOf(output, "text_tokens"),
          .output_audio = NumberOf(output, "audio_tokens")};
}

// "… Please try again in 6.2s." or "… in 450ms.": in milliseconds; 0 when it says nothing.
int64_t ToldToWaitMs(const std::string& message) {
  constexpr std::string_view kTry = "try again in ";
  constexpr double kMost = 3'600'000;
  const size_t at = message.find(kTry);
  if (at == std::string::npos) return 0;
  const char* const begin = message.c_str() + at + kTry.size();
  char* end = nullptr;
  double wait = std::strtod(begin, &end);
  if (end == begin || !std::isfinite(wait) || wait < 0) return 0;
  if (std::string_view(end).substr(0, 2) != "ms") wait *= 1000;
  return static_cast<int64_t>(std::ceil(std::min(wait, kMost)));
}

bool HasNoCredit(const OpenaiErrorDetail& error) {
  if (error.type == "insufficient_quota" || error.code == "insufficient_quota") return true;
  if (error.code == "credit_balance_exhausted" || error.code == "billing_hard_limit_reached") {
    return true;
  }
  return error.code.ends_with("_limit_exceeded") && error.code != "rate_limit_exceeded";
}

int StatusOf(const OpenaiErrorDetail& error) {
  if (error.code == "invalid_api_key") return 401;
  if (error.code == "insufficient_scope" || error.code == "account_deactivated") return 403;
  if (HasNoCredit(error)) return 402;
  if (error.code == "rate_limit_exceeded" || error.code == "slow_down") return 429;
  if (error.type == "server_error" || error.code == "server_error") return 500;
  if (error.code == "server_is_overloaded") return 529;
  return 400;
}

}  // namespace

http::Url OpenaiRealtimeUrl(const http::Url& base, const AgentSettings& agent) {
  const http::Form query = {{"model", agent.realtime_model}};
  return base.AsWebsocket().At("/v1/realtime", query);
}

std::string ComposeOpenaiSetup(const AgentSettings& agent) {
  json::object session{{"type", "realtime"},
                       {"output_modalities", json::array{"audio"}},
                       {"instructions", SystemPrompt(agent)},
                       {"audio", AudioOf(agent)},
                       {"tools", ToolsOf(agent)},
                       {"tool_choice", "auto"},
                       {"max_output_tokens", kTokensMax},
                       {"truncation", "auto"}};
  // Older models refuse it. Thinking is paid for with silence.
  if (agent.realtime_model.starts_with("gpt-realtime-2")) {
    session["reasoning"] = json::object{{"effort", "low"}};
  }
  const json::object event{
      {"type", "session.update"}, {"event_id", View(kOpenaiSetup)}, {"session", session}};
  return json::serialize(event);
}

std::string ComposeOpenaiMessage(const Said& said) {
  std::string out = R"({"type":"conversation.item.create","event_id":"recall","item":)";
  out += said.by_agent
             ? R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":)"
             : R"({"type":"message","role":"user","content":[{"type":"input_text","text":)";
  AppendJsonText(said.text, out);
  return out + "}]}}";
}

std::string ComposeOpenaiRespond(std::string_view instructions) {
  std::string out = R"({"type":"response.create","event_id":"respond")";
  if (instructions.empty()) return out + "}";
  out += R"(,"response":{"instructions":)";
  AppendJsonText(instructions, out);
  // What is dictated is said and nothing else.
  return out + R"(,"tool_choice":"none"}})";
}

std::string ComposeOpenaiTruncate(std::string_view item, int64_t heard) {
  const int64_t heard_ms = heard / kSamplesPerMs;
  std::string out = heard_ms > 0 ? R"({"type":"conversation.item.truncate","event_id":"truncate")"
                                 : R"({"type":"conversation.item.delete","event_id":"delete")";
  out += R"(,"item_id":)";
  AppendJsonText(item, out);
  if (heard_ms > 0) {
    out += R"(,"content_index":0,"audio_end_ms":)" + std::to_string(heard_ms);
  }
  return out + "}";
}

std::string ComposeOpenaiToolOutput(std::string_view call, std::string_view output) {
  std::string out = R"({"type":"conversation.item.create","event_id":"tool","item":)";
  out += R"({"type":"function_call_output","call_id":)";
  AppendJsonText(call, out);
  out += R"(,"output":)";
  AppendJsonText(output, out);
  return out + "}}";
}

void ComposeOpenaiAudio(std::string_view audio, std::string& out) {
  out.assign(R"({"type":"input_audio_buffer.append","audio":")");
  AppendBase64({reinterpret_cast<const uint8_t*>(audio.data()), audio.size()}, out);
  out.append("\"}");
}

OpenaiServerEvent ParseOpenaiEvent(std::string_view text) {
  const std::string_view type = TextOf(text, "type");
  const auto* const found = std::find_if(std::begin(kNames), std::end(kNames),
                                         [&](const Name& n) { return n.type == type; });
  if (found == std::end(kNames)) return {};
  OpenaiServerEvent event{.kind = found->kind,
                          .response = TextOf(text, "response_id"),
                          .item = TextOf(text, "item_id")};
  if (!found->body.empty()) event.body = RawOf(text, found->body);
  switch (event.kind) {
    case Kind::kSpeechStarted:
    case Kind::kSpeechStopped:
      event.ms = NumberOf(text, found->body);
      break;
    case Kind::kToolCall:
      event.call = TextOf(text, "call_id");
      event.name = TextOf(text, "name");
      break;
    case Kind::kResponseCreated:
    case Kind::kResponseDone:
      event.response = TextOf(event.body, "id");
      break;
    case Kind::kSessionCreated:
      event.expire_time = NumberOf(event.body, "expires_at");
      break;
    default:
      break;
  }
  return event;
}

ResponseEnd ParseOpenaiEnd(std::string_view response) {
  ResponseEnd end;
  end.usage = UsageOf(RawOf(response, "usage"));
  const std::string_view status = TextOf(response, "status");
  if (status == "cancelled") end.kind = ResponseEnd::Kind::kCancelled;
  if (status == "incomplete") end.kind = ResponseEnd::Kind::kIncomplete;
  if (status != "failed") return end;
  end.kind = ResponseEnd::Kind::kFailed;
  const std::string_view error = RawOf(RawOf(response, "status_details"), "error");
  end.failure = OpenaiFailure({.type = AnyTextOf(error, "type"),
                               .code = AnyTextOf(error, "code"),
                               .message = AnyTextOf(error, "message")});
  return end;
}

OpenaiErrorDetail ParseOpenaiError(std::string_view text) {
  const std::string_view error = RawOf(text, "error");
  return {.type = AnyTextOf(error, "type"),
          .code = AnyTextOf(error, "code"),
          .message = AnyTextOf(error, "message"),
          .cause = AnyTextOf(error, "event_id")};
}

OpenaiErrorDetail ParseOpenaiClose(std::string_view reason) {
  const size_t dot = reason.find('.');
  if (dot == std::string_view::npos) return {};
  return {.type = std::string(reason.substr(0, dot)), .code = std::string(reason.substr(dot + 1))};
}

absl::Status OpenaiFailure(const OpenaiErrorDetail& error) {
  if (error.code == "session_expired") return SessionExpired(Party::kRealtimeModel);
  if (error.code == "model_not_found" || error.code == "invalid_model")
    return ModelNotFound(Party::kRealtimeModel);
  absl::Status failure = ClassifyFailure(Party::kRealtimeModel, StatusOf(error), "");
  const int64_t wait = absl::IsResourceExhausted(failure) ? ToldToWaitMs(error.message) : 0;
  return wait > 0 ? WithMetadata(failure, kRetryAfterMs, std::to_string(wait)) : failure;
}

bool EndsOpenaiSession(const OpenaiErrorDetail& error) {
  // A set-up that is refused leaves a session that speaks PCM with a voice of its own.
  if (error.cause == kOpenaiSetup || error.code == "session_expired") return true;
  if (error.code == "model_not_found" || error.code == "invalid_model") return true;
  const int status = StatusOf(error);
  return status == 401 || status == 403 || status == 402;
}

}  // namespace latchkey::media
