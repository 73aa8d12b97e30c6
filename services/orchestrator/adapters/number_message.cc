#include "services/orchestrator/adapters/number_message.h"

#include <utility>

#include "services/orchestrator/adapters/time_message.h"
#include "services/orchestrator/adapters/tool_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

type::v1::Pipeline ToPipeline(Pipeline pipeline) {
  return pipeline == Pipeline::kRealtime ? type::v1::PIPELINE_REALTIME
                                         : type::v1::PIPELINE_COMPOSED;
}

void FillAgent(const Agent& agent, pb::Agent& message) {
  message.set_system_prompt(agent.system_prompt);
  message.set_first_message(agent.first_message);
  message.set_voice_id(agent.voice_id);
  message.set_llm_model(agent.llm_model);
  message.set_stt_model(agent.stt_model);
  message.set_tts_model(agent.tts_model);
  message.set_language(agent.language);
  message.set_record(agent.record);
  FillDuration(agent.call_duration_max, *message.mutable_call_duration_max());
  message.set_pipeline(ToPipeline(agent.pipeline));
  message.set_realtime_model(agent.realtime_model);
  message.set_realtime_voice(agent.realtime_voice);
  const bool semantic = agent.turn_detection == TurnDetection::kSemanticVad;
  message.set_turn_detection(semantic ? type::v1::TURN_DETECTION_SEMANTIC_VAD
                                      : type::v1::TURN_DETECTION_SERVER_VAD);
  FillTools(agent.tools, agent.transfer_targets, message);
}

}  // namespace

absl::StatusOr<Agent> ParseAgent(const pb::Agent& message) {
  Agent agent;
  agent.system_prompt = message.system_prompt();
  agent.first_message = message.first_message();
  agent.voice_id = message.voice_id();
  agent.llm_model = message.llm_model();
  agent.stt_model = message.stt_model();
  agent.tts_model = message.tts_model();
  if (!message.language().empty()) agent.language = message.language();
  agent.record = message.record();
  if (message.has_call_duration_max()) {
    agent.call_duration_max = ToDuration(message.call_duration_max());
  }
  if (message.pipeline() == type::v1::PIPELINE_REALTIME) agent.pipeline = Pipeline::kRealtime;
  agent.realtime_model = message.realtime_model();
  agent.realtime_voice = message.realtime_voice();
  if (message.turn_detection() == type::v1::TURN_DETECTION_SEMANTIC_VAD) {
    agent.turn_detection = TurnDetection::kSemanticVad;
  }
  absl::StatusOr<std::vector<Tool>> tools = ParseTools(message);
  if (!tools.ok()) return tools.status();
  agent.tools = *std::move(tools);
  agent.transfer_targets = ParseTransferTargets(message);
  return agent;
}

absl::StatusOr<NewNumber> ParseNewNumber(const pb::CreateNumberRequest& request) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) return tenant.status();
  absl::StatusOr<Provider> carrier = provider::ParseProvider(static_cast<int>(request.carrier()));
  if (!carrier.ok()) return Malformed("carrier is TWILIO or EXOTEL.");
  NewNumber wanted;
  wanted.request_id = request.request_id();
  wanted.tenant = *std::move(tenant);
  wanted.e164 = request.e164();
  wanted.carrier = *carrier;
  wanted.platform_owned = request.platform_owned();
  absl::StatusOr<Agent> agent = ParseAgent(request.agent());
  if (!agent.ok()) return agent.status();
  wanted.agent = *std::move(agent);
  return wanted;
}

void FillNumber(const Number& number, pb::Number& message) {
  message.set_number_id(number.id.text());
  message.set_tenant_id(number.tenant.text());
  message.set_e164(number.e164);
  message.set_carrier(static_cast<latchkey::type::v1::Provider>(number.carrier));
  message.set_platform_owned(number.platform_owned);
  FillAgent(number.agent, *message.mutable_agent());
  FillTime(number.create_time, *message.mutable_create_time());
}

void FillVoice(const NumberVoice& voice, pb::Number& message) {
  const bool byok = voice.mode == VoiceMode::kByok;
  message.set_voice_mode(byok ? pb::VOICE_MODE_BYOK : pb::VOICE_MODE_MANAGED);
  message.set_key_preview(voice.key_preview);
}

void FillTarget(const KeyTarget& target, pb::AdmittedNumber& message) {
  message.set_number_id(target.number.text());
  message.set_model(target.model);
  message.set_pipeline(ToPipeline(target.pipeline));
}

}  // namespace latchkey::orchestrator
