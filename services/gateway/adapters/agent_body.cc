#include "services/gateway/adapters/agent_body.h"

#include <fmt/format.h>

#include "lib/base/error.h"
#include "services/gateway/adapters/api_request.h"
#include "services/gateway/adapters/tool_body.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

using orchestrator::v1::Agent;

struct TextSetting {
  std::string_view name;
  void (*set)(Agent& agent, const std::string& text);
};

constexpr TextSetting kTexts[] = {
    {"systemPrompt", [](Agent& agent, const std::string& text) { agent.set_system_prompt(text); }},
    {"firstMessage", [](Agent& agent, const std::string& text) { agent.set_first_message(text); }},
    {"voiceId", [](Agent& agent, const std::string& text) { agent.set_voice_id(text); }},
    {"llmModel", [](Agent& agent, const std::string& text) { agent.set_llm_model(text); }},
    {"sttModel", [](Agent& agent, const std::string& text) { agent.set_stt_model(text); }},
    {"ttsModel", [](Agent& agent, const std::string& text) { agent.set_tts_model(text); }},
    {"realtimeModel",
     [](Agent& agent, const std::string& text) { agent.set_realtime_model(text); }},
    {"realtimeVoice",
     [](Agent& agent, const std::string& text) { agent.set_realtime_voice(text); }},
    {"language", [](Agent& agent, const std::string& text) { agent.set_language(text); }},
};

constexpr std::string_view kRecord = "record";
constexpr std::string_view kCallSecondsMax = "callSecondsMax";
constexpr std::string_view kPipeline = "pipeline";
constexpr std::string_view kTurnDetection = "turnDetection";
constexpr std::string_view kTools = "tools";
constexpr std::string_view kTransferTargets = "transferTargets";

absl::Status CheckNames(const boost::json::object& body) {
  for (const auto& entry : body) {
    const std::string_view name(entry.key().data(), entry.key().size());
    bool known = name == kRecord || name == kCallSecondsMax || name == kPipeline ||
                 name == kTurnDetection || name == kTools || name == kTransferTargets;
    for (const TextSetting& setting : kTexts) known = known || setting.name == name;
    if (!known) {
      return Error(
          absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
          "The agent has a setting that there is not. There are systemPrompt, "
          "firstMessage, voiceId, llmModel, sttModel, ttsModel, language, record, "
          "callSecondsMax, pipeline, realtimeModel, realtimeVoice, turnDetection, tools and "
          "transferTargets.");
    }
  }
  return absl::OkStatus();
}

absl::Status SetPipeline(const boost::json::object& body, Agent& agent) {
  const absl::StatusOr<std::string> pipeline = TextField(body, kPipeline, "composed");
  if (!pipeline.ok()) return pipeline.status();
  if (*pipeline == "realtime") {
    agent.set_pipeline(type::v1::PIPELINE_REALTIME);
  } else if (*pipeline == "composed") {
    agent.set_pipeline(type::v1::PIPELINE_COMPOSED);
  } else {
    return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
                 "The field pipeline has to be \"composed\" or \"realtime\".");
  }
  return absl::OkStatus();
}

absl::Status SetTurnDetection(const boost::json::object& body, Agent& agent) {
  const absl::StatusOr<std::string> detection = TextField(body, kTurnDetection, "server_vad");
  if (!detection.ok()) return detection.status();
  if (*detection == "semantic_vad") {
    agent.set_turn_detection(type::v1::TURN_DETECTION_SEMANTIC_VAD);
  } else if (*detection == "server_vad") {
    agent.set_turn_detection(type::v1::TURN_DETECTION_SERVER_VAD);
  } else {
    return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
                 "The field turnDetection has to be \"server_vad\" or \"semantic_vad\".");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Agent> ParseAgent(const boost::json::object& body) {
  const absl::Status names = CheckNames(body);
  if (!names.ok()) return names;
  Agent agent;
  for (const TextSetting& setting : kTexts) {
    const absl::StatusOr<std::string> text = TextField(body, setting.name);
    if (!text.ok()) return text.status();
    setting.set(agent, *text);
  }
  const absl::StatusOr<bool> record = BoolField(body, kRecord, false);
  if (!record.ok()) return record.status();
  agent.set_record(*record);
  const absl::StatusOr<int64_t> seconds = IntegerField(body, kCallSecondsMax, 0);
  if (!seconds.ok()) return seconds.status();
  if (*seconds > 0) agent.mutable_call_duration_max()->set_seconds(*seconds);
  if (absl::Status pipeline = SetPipeline(body, agent); !pipeline.ok()) return pipeline;
  if (absl::Status turns = SetTurnDetection(body, agent); !turns.ok()) return turns;
  if (absl::Status tools = ParseTools(body, agent); !tools.ok()) return tools;
  return agent;
}

}  // namespace latchkey::gateway
