#include "services/gateway/adapters/json_views.h"

#include <boost/json/array.hpp>

#include "services/gateway/adapters/json_values.h"
#include "services/gateway/adapters/tool_body.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace orch = orchestrator::v1;

json::object UtteranceView(const orch::Utterance& utterance) {
  return {{"speaker", EnumName(orch::Speaker_Name(utterance.speaker()), "SPEAKER_")},
          {"text", utterance.text()},
          {"startMs", MillisValue(utterance.has_start_offset(), utterance.start_offset())},
          {"endMs", MillisValue(utterance.has_end_offset(), utterance.end_offset())},
          {"interrupted", utterance.interrupted()}};
}

json::object LatencyView(const orch::TurnLatency& latency) {
  return {
      {"turn", latency.turn()},
      {"sttFinalMs", MillisValue(latency.has_stt_final_duration(), latency.stt_final_duration())},
      {"llmFirstTokenMs",
       MillisValue(latency.has_llm_first_token_duration(), latency.llm_first_token_duration())},
      {"ttsFirstByteMs",
       MillisValue(latency.has_tts_first_byte_duration(), latency.tts_first_byte_duration())},
      {"firstFrameMs",
       MillisValue(latency.has_first_frame_duration(), latency.first_frame_duration())}};
}

json::object TroubleView(const orch::Trouble& trouble) {
  json::object view{{"reason", trouble.reason()},
                    {"message", trouble.message()},
                    {"recovered", trouble.recovered()}};
  if (trouble.provider() != type::v1::PROVIDER_UNSPECIFIED) {
    view["provider"] = ProviderName(trouble.provider());
  }
  return view;
}

json::object RecordingView(const orch::RecordingReady& recording) {
  return {{"durationMs", MillisValue(recording.has_duration(), recording.duration())}};
}

json::object ModelUsageView(const orch::ModelUsage& usage) {
  return {{"provider", ProviderName(usage.provider())},
          {"model", usage.model()},
          {"inputTextTokens", usage.input_text_tokens()},
          {"inputAudioTokens", usage.input_audio_tokens()},
          {"cachedTextTokens", usage.cached_text_tokens()},
          {"cachedAudioTokens", usage.cached_audio_tokens()},
          {"outputTextTokens", usage.output_text_tokens()},
          {"outputAudioTokens", usage.output_audio_tokens()}};
}

json::object StateView(const orch::StateChange& state) {
  return {
      {"state", state.state()}, {"disposition", state.disposition()}, {"reason", state.reason()}};
}

template <typename List, typename View>
json::array ArrayOf(const List& list, View view) {
  json::array items;
  for (const auto& item : list) items.push_back(view(item));
  return items;
}

json::object AgentView(const orch::Agent& agent) {
  return {{"systemPrompt", agent.system_prompt()},
          {"firstMessage", agent.first_message()},
          {"voiceId", agent.voice_id()},
          {"llmModel", agent.llm_model()},
          {"sttModel", agent.stt_model()},
          {"ttsModel", agent.tts_model()},
          {"language", agent.language()},
          {"record", agent.record()},
          {"callSecondsMax", agent.call_duration_max().seconds()},
          {"pipeline", EnumName(type::v1::Pipeline_Name(agent.pipeline()), "PIPELINE_")},
          {"realtimeModel", agent.realtime_model()},
          {"realtimeVoice", agent.realtime_voice()},
          {"turnDetection",
           EnumName(type::v1::TurnDetection_Name(agent.turn_detection()), "TURN_DETECTION_")},
          {"tools", ToolsView(agent)},
          {"transferTargets", TransferTargetsView(agent)}};
}

json::value VoiceModeValue(orch::VoiceMode mode) {
  if (mode == orch::VOICE_MODE_UNSPECIFIED) return nullptr;
  return json::string(EnumName(orch::VoiceMode_Name(mode), "VOICE_MODE_"));
}

json::value TextOrNull(const std::string& text) {
  if (text.empty()) return nullptr;
  return json::string(text);
}

json::object ProviderView(const orch::ProviderOnboarding& provider) {
  json::object view{
      {"provider", ProviderName(provider.provider())},
      {"state", EnumName(orch::ProviderState_Name(provider.state()), "PROVIDER_STATE_")},
      {"dormant", provider.dormant()},
      {"validatedAt", TimeValue(provider.has_validate_time(), provider.validate_time())}};
  if (!provider.preview().empty()) view["keyPreview"] = provider.preview();
  return view;
}

json::object UsageEventView(const billing::v1::UsageEvent& usage) {
  return {{"callId", usage.call_id()},
          {"numberId", usage.number_id()},
          {"billedSeconds", usage.billed_duration().seconds()},
          {"ratePerMinute", MoneyValue(usage.rate().per_minute())},
          {"mode", EnumName(billing::v1::BillingMode_Name(usage.mode()), "BILLING_MODE_")},
          {"cost", MoneyValue(usage.cost())},
          {"endedAt", TimeValue(usage.has_end_time(), usage.end_time())}};
}

}  // namespace

json::object FactsView(const keyvault::v1::AccountFacts& facts) {
  json::object view{{"trial", facts.trial()}};
  if (facts.call_ceiling() > 0) view["callCeiling"] = facts.call_ceiling();
  if (!facts.carrier_account().empty()) view["account"] = facts.carrier_account();
  if (!facts.phone_number().empty()) view["phoneNumber"] = facts.phone_number();
  return view;
}

json::object KeyView(const keyvault::v1::Key& key) {
  json::object view{{"id", key.key_id()},
                    {"provider", ProviderName(key.provider())},
                    {"version", key.version()},
                    {"status", EnumName(keyvault::v1::KeyStatus_Name(key.status()), "KEY_STATUS_")},
                    {"keyPreview", key.preview()},
                    {"validatedAt", TimeValue(key.has_validate_time(), key.validate_time())},
                    {"createdAt", TimeValue(key.has_create_time(), key.create_time())},
                    {"since", TimeValue(key.has_status_time(), key.status_time())},
                    {"facts", FactsView(key.facts())}};
  if (!key.status_reason().empty()) view["reason"] = key.status_reason();
  if (!key.scope().number_id().empty()) view["numberId"] = key.scope().number_id();
  return view;
}

// What is not known, or is not meant, is left out.
json::object KeyUseView(const keyvault::v1::AuditEntry& entry) {
  json::object view{{"number", entry.number()}, {"time", TimeValue(entry.has_time(), entry.time())},
                    {"action", entry.action()}, {"outcome", entry.outcome()},
                    {"actor", entry.actor()},   {"count", entry.count()}};
  if (!entry.key_id().empty()) view["keyId"] = entry.key_id();
  if (entry.key_version() > 0) view["keyVersion"] = entry.key_version();
  if (!entry.number_id().empty()) view["numberId"] = entry.number_id();
  if (!entry.call_id().empty()) view["callId"] = entry.call_id();
  if (!entry.lease_id().empty()) view["leaseId"] = entry.lease_id();
  if (!entry.reason().empty()) view["reason"] = entry.reason();
  return view;
}

json::object TenantView(const orch::Tenant& tenant) {
  return {{"id", tenant.tenant_id()},
          {"name", tenant.name()},
          {"country", tenant.country()},
          {"plan", EnumName(orch::Plan_Name(tenant.plan()), "PLAN_")},
          {"mode", EnumName(orch::OnboardingMode_Name(tenant.mode()), "ONBOARDING_MODE_")},
          {"onboarded", tenant.onboarded()}};
}

json::object OnboardingView(const orch::GetOnboardingResponse& onboarding) {
  return {{"mode", EnumName(orch::OnboardingMode_Name(onboarding.mode()), "ONBOARDING_MODE_")},
          {"onboarded", onboarding.onboarded()},
          {"providers", ArrayOf(onboarding.providers(), ProviderView)},
          {"missing", ArrayOf(onboarding.missing(),
                              [](const std::string& text) { return json::string(text); })}};
}

json::object NumberView(const orch::Number& number) {
  return {{"id", number.number_id()},
          {"e164", number.e164()},
          {"carrier", ProviderName(number.carrier())},
          {"platformOwned", number.platform_owned()},
          {"voiceMode", VoiceModeValue(number.voice_mode())},
          {"keyPreview", TextOrNull(number.key_preview())},
          {"agent", AgentView(number.agent())},
          {"createdAt", TimeValue(number.has_create_time(), number.create_time())}};
}

json::object CallView(const dialer::v1::Call& call) {
  json::object view{
      {"id", call.call_id()},
      {"numberId", call.number_id()},
      {"direction", EnumName(type::v1::CallDirection_Name(call.direction()), "CALL_DIRECTION_")},
      {"from", call.from()},
      {"to", call.to()},
      {"state", EnumName(dialer::v1::CallState_Name(call.state()), "CALL_STATE_")},
      {"carrierCallId", call.carrier_call_id()},
      {"createdAt", TimeValue(call.has_create_time(), call.create_time())},
      {"answeredAt", TimeValue(call.has_answer_time(), call.answer_time())},
      {"endedAt", TimeValue(call.has_end_time(), call.end_time())},
      {"answeredSeconds", call.answered_duration().seconds()},
      {"ratePerMinute", MoneyValue(call.rate_per_minute())}};
  if (call.disposition() != dialer::v1::DISPOSITION_UNSPECIFIED) {
    view["disposition"] =
        EnumName(dialer::v1::Disposition_Name(call.disposition()), "DISPOSITION_");
  }
  if (!call.reason().empty()) view["reason"] = call.reason();
  if (!call.message().empty()) view["message"] = call.message();
  return view;
}

json::object EventView(const orch::CallEvent& event) {
  json::object view{{"callId", event.call_id()},
                    {"time", TimeValue(event.has_event_time(), event.event_time())}};
  switch (event.event_case()) {
    case orch::CallEvent::kUtterance:
      view["utterance"] = UtteranceView(event.utterance());
      break;
    case orch::CallEvent::kLatency:
      view["latency"] = LatencyView(event.latency());
      break;
    case orch::CallEvent::kState:
      view["state"] = StateView(event.state());
      break;
    case orch::CallEvent::kTrouble:
      view["trouble"] = TroubleView(event.trouble());
      break;
    case orch::CallEvent::kRecording:
      view["recording"] = RecordingView(event.recording());
      break;
    case orch::CallEvent::kUsage:
      view["usage"] = ModelUsageView(event.usage());
      break;
    case orch::CallEvent::EVENT_NOT_SET:
      break;
  }
  return view;
}

json::object TenantEventView(const orch::Event& event) {
  json::object details;
  for (const auto& [name, value] : event.details()) details[name] = value;
  return {{"id", event.event_id()},
          {"kind", event.kind()},
          {"time", TimeValue(event.has_event_time(), event.event_time())},
          {"message", event.message()},
          {"details", std::move(details)}};
}

json::object TranscriptView(const orch::GetTranscriptResponse& transcript) {
  json::object view{{"utterances", ArrayOf(transcript.utterances(), UtteranceView)},
                    {"latencies", ArrayOf(transcript.latencies(), LatencyView)},
                    {"troubles", ArrayOf(transcript.troubles(), TroubleView)}};
  if (transcript.has_recording()) view["recording"] = RecordingView(transcript.recording());
  return view;
}

json::object UsageView(const billing::v1::GetUsageResponse& usage) {
  return {{"events", ArrayOf(usage.events(), UsageEventView)},
          {"nextPageToken", usage.next_page_token()},
          {"totalCalls", usage.total_calls()},
          {"totalBilledSeconds", usage.total_billed_duration().seconds()},
          {"totalCosts", ArrayOf(usage.total_costs(), MoneyValue)}};
}

}  // namespace latchkey::gateway
