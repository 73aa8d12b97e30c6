#include "sandbox/providers/openai_config_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "sandbox/providers/openai_json.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using Wrong = std::optional<OpenaiError>;
using Words = std::span<const std::string_view>;

constexpr std::string_view kSessionFields[] = {"type",
                                               "id",
                                               "object",
                                               "model",
                                               "expires_at",
                                               "output_modalities",
                                               "instructions",
                                               "audio",
                                               "tools",
                                               "tool_choice",
                                               "parallel_tool_calls",
                                               "max_output_tokens",
                                               "truncation",
                                               "tracing",
                                               "prompt",
                                               "include",
                                               "reasoning"};
constexpr std::string_view kResponseFields[] = {
    "output_modalities", "instructions", "audio", "tools",    "tool_choice", "parallel_tool_calls",
    "max_output_tokens", "conversation", "input", "metadata", "prompt",      "reasoning"};
constexpr std::string_view kAudioFields[] = {"input", "output"};
constexpr std::string_view kInputFields[] = {"format", "noise_reduction", "transcription",
                                             "turn_detection"};
constexpr std::string_view kOutputFields[] = {"format", "voice", "speed"};
constexpr std::string_view kFormats[] = {"audio/pcm", "audio/pcmu", "audio/pcma"};
constexpr std::string_view kDetections[] = {"server_vad", "semantic_vad"};
constexpr std::string_view kVoices[] = {"alloy", "ash",     "ballad", "coral", "echo",
                                        "sage",  "shimmer", "verse",  "marin", "cedar"};
constexpr std::string_view kTranscribers[] = {"gpt-transcribe",       "gpt-live-transcribe",
                                              "gpt-realtime-whisper", "whisper-1",
                                              "gpt-4o-transcribe",    "gpt-4o-mini-transcribe"};
constexpr int64_t kOutputTokensMax = 4096;
constexpr int64_t kRateHz = 24'000;

OpenaiError Missing(const std::string& param) {
  return {"missing_required_parameter", fmt::format("Missing required parameter: '{}'.", param),
          param};
}

OpenaiError Invalid(const std::string& param, std::string_view wanted) {
  return {"invalid_value", fmt::format("Invalid value for '{}': expected {}.", param, wanted),
          param};
}

OpenaiError WrongType(const std::string& param, std::string_view wanted) {
  return {"invalid_type", fmt::format("Invalid type for '{}': expected {}.", param, wanted), param};
}

Wrong Unknown(const json::object& object, Words known, const std::string& place) {
  for (const auto& field : object) {
    const std::string name(field.key());
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string param = fmt::format("{}.{}", place, name);
    return OpenaiError("unknown_parameter", fmt::format("Unknown parameter: '{}'.", param), param);
  }
  return std::nullopt;
}

// A text that is one of `known`, if it is there at all.
Wrong NotOneOf(const json::value* value, Words known, const std::string& place) {
  if (value == nullptr) return std::nullopt;
  if (value->is_string() && std::ranges::find(known, TextOf(value)) != known.end()) {
    return std::nullopt;
  }
  return Invalid(place, fmt::format("one of '{}'", fmt::join(known, "', '")));
}

Wrong WrongWithFormat(const json::value* format, const std::string& place) {
  if (format == nullptr) return std::nullopt;
  if (!format->is_object()) return WrongType(place, "an object");
  if (FieldOf(format, "type") == nullptr) return Missing(place + ".type");
  if (Wrong wrong = NotOneOf(FieldOf(format, "type"), kFormats, place + ".type")) return wrong;
  const json::value* const rate = FieldOf(format, "rate");
  if (rate != nullptr && WholeNumberOf(rate) != kRateHz) return Invalid(place + ".rate", "24000");
  return std::nullopt;
}

Wrong WrongWithVoice(const json::value* voice, const std::string& place) {
  if (voice == nullptr || FieldOf(voice, "id") != nullptr) return std::nullopt;
  return NotOneOf(voice, kVoices, place);
}

Wrong WrongWithInput(const json::value* input, const std::string& place) {
  if (input == nullptr) return std::nullopt;
  if (!input->is_object()) return WrongType(place, "an object");
  if (Wrong wrong = Unknown(input->get_object(), kInputFields, place)) return wrong;
  if (Wrong wrong = WrongWithFormat(FieldOf(input, "format"), place + ".format")) return wrong;
  const json::value* const detection = FieldOf(input, "turn_detection");
  if (detection != nullptr && !detection->is_null()) {
    const std::string param = place + ".turn_detection.type";
    if (FieldOf(detection, "type") == nullptr) return Missing(param);
    if (Wrong wrong = NotOneOf(FieldOf(detection, "type"), kDetections, param)) return wrong;
  }
  const json::value* const transcription = FieldOf(input, "transcription");
  if (transcription == nullptr || transcription->is_null()) return std::nullopt;
  return NotOneOf(FieldOf(transcription, "model"), kTranscribers, place + ".transcription.model");
}

Wrong WrongWithOutput(const json::value* output, const std::string& place) {
  if (output == nullptr) return std::nullopt;
  if (!output->is_object()) return WrongType(place, "an object");
  if (Wrong wrong = Unknown(output->get_object(), kOutputFields, place)) return wrong;
  if (Wrong wrong = WrongWithFormat(FieldOf(output, "format"), place + ".format")) return wrong;
  if (Wrong wrong = WrongWithVoice(FieldOf(output, "voice"), place + ".voice")) return wrong;
  const json::value* const speed = FieldOf(output, "speed");
  if (speed == nullptr) return std::nullopt;
  boost::system::error_code no_number;
  const double value = speed->to_number<double>(no_number);
  if (!no_number && value >= 0.25 && value <= 1.5) return std::nullopt;
  return Invalid(place + ".speed", "a number from 0.25 to 1.5");
}

Wrong WrongWithAudio(const json::value* audio, const std::string& place) {
  if (audio == nullptr) return std::nullopt;
  if (!audio->is_object()) return WrongType(place, "an object");
  if (Wrong wrong = Unknown(audio->get_object(), kAudioFields, place)) return wrong;
  if (Wrong wrong = WrongWithInput(FieldOf(audio, "input"), place + ".input")) return wrong;
  return WrongWithOutput(FieldOf(audio, "output"), place + ".output");
}

Wrong WrongWithTools(const json::value* tools, const std::string& place) {
  if (tools == nullptr) return std::nullopt;
  if (!tools->is_array()) return WrongType(place, "an array");
  int index = 0;
  for (const json::value& tool : tools->get_array()) {
    const std::string one = fmt::format("{}[{}]", place, index++);
    if (FieldOf(&tool, "type") == nullptr) return Missing(one + ".type");
    if (TextOf(&tool, "type") == "function" && TextOf(&tool, "name").empty()) {
      return Missing(one + ".name");
    }
  }
  return std::nullopt;
}

Wrong WrongWithModalities(const json::value* modalities, const std::string& place) {
  if (modalities == nullptr) return std::nullopt;
  if (*modalities == json::value(json::array{"audio"})) return std::nullopt;
  if (*modalities == json::value(json::array{"text"})) return std::nullopt;
  return Invalid(place, "['text'] or ['audio']");
}

Wrong WrongWithTokens(const json::value* tokens, const std::string& place) {
  if (tokens == nullptr || *tokens == "inf") return std::nullopt;
  const int64_t number = WholeNumberOf(tokens).value_or(0);
  if (number >= 1 && number <= kOutputTokensMax) return std::nullopt;
  return Invalid(place, "a whole number from 1 to 4096, or 'inf'");
}

// What a session and a response have in common.
Wrong WrongWith(const json::object& object, Words known, const std::string& place) {
  if (Wrong wrong = Unknown(object, known, place)) return wrong;
  const json::value* const instructions = FieldOf(object, "instructions");
  if (instructions != nullptr && !instructions->is_string()) {
    return WrongType(place + ".instructions", "a string");
  }
  const json::value* const modalities = FieldOf(object, "output_modalities");
  if (Wrong wrong = WrongWithModalities(modalities, place + ".output_modalities")) return wrong;
  const json::value* const tokens = FieldOf(object, "max_output_tokens");
  if (Wrong wrong = WrongWithTokens(tokens, place + ".max_output_tokens")) return wrong;
  if (Wrong wrong = WrongWithTools(FieldOf(object, "tools"), place + ".tools")) return wrong;
  return WrongWithAudio(FieldOf(object, "audio"), place + ".audio");
}

}  // namespace

Wrong WrongWithOpenaiSession(const json::value* session) {
  const std::string place = "session";
  if (session == nullptr) return Missing(place);
  if (!session->is_object()) return WrongType(place, "an object");
  const json::value* const type = FieldOf(session, "type");
  if (type == nullptr) return Missing("session.type");
  if (*type != "realtime") return Invalid("session.type", "'realtime'");
  return WrongWith(session->get_object(), kSessionFields, place);
}

Wrong WrongWithOpenaiResponse(const json::value* response) {
  const std::string place = "response";
  if (response == nullptr) return std::nullopt;
  if (!response->is_object()) return WrongType(place, "an object");
  return WrongWith(response->get_object(), kResponseFields, place);
}

}  // namespace latchkey::sandbox
