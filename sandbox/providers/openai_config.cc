#include "sandbox/providers/openai_config.h"

#include <utility>

#include "sandbox/providers/openai_config_checks.h"
#include "sandbox/providers/openai_json.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

json::object DefaultDetection() {
  return {{"type", "server_vad"},       {"threshold", 0.5},           {"prefix_padding_ms", 300},
          {"silence_duration_ms", 200}, {"idle_timeout_ms", nullptr}, {"create_response", true},
          {"interrupt_response", true}};
}

json::object Defaults(std::string model) {
  const json::object pcm{{"type", "audio/pcm"}, {"rate", 24000}};
  const json::object input{{"format", pcm},
                           {"transcription", nullptr},
                           {"noise_reduction", nullptr},
                           {"turn_detection", DefaultDetection()}};
  const json::object output{{"format", pcm}, {"voice", "marin"}, {"speed", 1.0}};
  return {{"type", "realtime"},
          {"object", "realtime.session"},
          {"model", std::move(model)},
          {"output_modalities", json::array{"audio"}},
          {"instructions",
           "Your knowledge cutoff is 2026-06. You are a helpful, witty, and "
           "friendly AI. Act like a human."},
          {"tools", json::array()},
          {"tool_choice", "auto"},
          {"max_output_tokens", "inf"},
          {"tracing", nullptr},
          {"truncation", "auto"},
          {"prompt", nullptr},
          {"include", nullptr},
          {"audio", json::object{{"input", input}, {"output", output}}}};
}

// Only the fields that are present change; formats and turn detection change as a whole.
void Merge(const json::object& from, json::object& to) {
  for (const auto& field : from) {
    json::value& target = to[field.key()];
    const bool descends =
        field.key() == "audio" || field.key() == "input" || field.key() == "output";
    if (descends && field.value().is_object() && target.is_object()) {
      Merge(field.value().get_object(), target.get_object());
    } else {
      target = field.value();
    }
  }
}

// What the client left out of its turn detection is shown with its default.
void CompleteDetection(json::object& session) {
  json::value& detection = session.at("audio").at("input").at("turn_detection");
  if (!detection.is_object()) return;
  json::object complete = TextOf(&detection, "type") == "server_vad"
                              ? DefaultDetection()
                              : json::object{{"type", "semantic_vad"},
                                             {"eagerness", "auto"},
                                             {"create_response", true},
                                             {"interrupt_response", true}};
  for (const auto& field : detection.get_object()) complete[field.key()] = field.value();
  detection = std::move(complete);
}

absl::Duration LongestWait(std::string_view eagerness) {
  if (eagerness == "low") return absl::Seconds(8);
  if (eagerness == "high") return absl::Seconds(2);
  return absl::Seconds(4);
}

bool IsTrue(const json::value* value) { return value == nullptr || *value == true; }

}  // namespace

OpenaiConfig::OpenaiConfig(std::string model) : shown_(Defaults(std::move(model))) {}

std::optional<OpenaiError> OpenaiConfig::Update(const json::value* session, bool frozen) {
  if (std::optional<OpenaiError> wrong = WrongWithOpenaiSession(session)) return wrong;
  const json::value* const audio = FieldOf(session, "audio");
  const json::value* const voice = FieldOf(FieldOf(audio, "output"), "voice");
  if (frozen && voice != nullptr && *voice != *Audio("output", "voice")) {
    return OpenaiError("cannot_update_voice",
                       "Cannot update a conversation's voice if assistant audio is present.");
  }
  const json::value* const model = FieldOf(session, "model");
  if (model != nullptr && *model != shown_.at("model")) {
    return OpenaiError("invalid_value", "The model of a session cannot be changed.",
                       "session.model");
  }
  json::object changed = shown_;
  Merge(session->get_object(), changed);
  CompleteDetection(changed);
  shown_ = std::move(changed);
  return std::nullopt;
}

const json::value* OpenaiConfig::Audio(std::string_view side, std::string_view name) const {
  return FieldOf(FieldOf(FieldOf(shown_, "audio"), side), name);
}

OpenaiTurnDetection OpenaiConfig::turn_detection() const {
  OpenaiTurnDetection detection;
  const json::value* const shown = Audio("input", "turn_detection");
  if (shown == nullptr || !shown->is_object()) return detection;
  detection.create_response = IsTrue(FieldOf(shown, "create_response"));
  detection.interrupt_response = IsTrue(FieldOf(shown, "interrupt_response"));
  if (TextOf(shown, "type") == "semantic_vad") {
    detection.kind = OpenaiTurnDetection::Kind::kSemanticVad;
    detection.longest_wait = LongestWait(TextOf(shown, "eagerness"));
    return detection;
  }
  detection.kind = OpenaiTurnDetection::Kind::kServerVad;
  detection.silence =
      absl::Milliseconds(WholeNumberOf(FieldOf(shown, "silence_duration_ms")).value_or(200));
  const std::optional<int64_t> idle = WholeNumberOf(FieldOf(shown, "idle_timeout_ms"));
  if (idle.has_value()) detection.idle_timeout = absl::Milliseconds(*idle);
  return detection;
}

OpenaiAudioFormat OpenaiConfig::format(std::string_view side) const {
  const std::string type = TextOf(Audio(side, "format"), "type");
  if (type == "audio/pcmu") return OpenaiAudioFormat::kPcmu;
  if (type == "audio/pcma") return OpenaiAudioFormat::kPcma;
  return OpenaiAudioFormat::kPcm;
}

std::string OpenaiConfig::transcription_model() const {
  const json::value* const transcription = Audio("input", "transcription");
  if (transcription == nullptr || !transcription->is_object()) return "";
  const std::string model = TextOf(transcription, "model");
  return model.empty() ? "gpt-transcribe" : model;
}

}  // namespace latchkey::sandbox
