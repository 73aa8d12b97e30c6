#include "services/media/adapters/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "lib/base/error.h"
#include "lib/base/id.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

namespace orch = orchestrator::v1;

constexpr absl::Duration kDurationMax = absl::Hours(2);
constexpr absl::Duration kToolTimeoutMax = absl::Seconds(15);

absl::Status Malformed(std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest,
               fmt::format("The call spec has no valid {}.", what));
}

type::v1::Provider ProviderOf(Party party) {
  switch (party) {
    case Party::kCarrier:
      return type::v1::PROVIDER_TWILIO;
    case Party::kSpeechToText:
      return type::v1::PROVIDER_DEEPGRAM;
    case Party::kLanguageModel:
      return type::v1::PROVIDER_ANTHROPIC;
    case Party::kTextToSpeech:
      return type::v1::PROVIDER_CARTESIA;
    case Party::kRealtimeModel:
      return type::v1::PROVIDER_OPENAI;
    case Party::kNone:
      break;
  }
  return type::v1::PROVIDER_UNSPECIFIED;
}

dialer::v1::Disposition ToDisposition(Disposition disposition) {
  switch (disposition) {
    case Disposition::kCompleted:
      return dialer::v1::DISPOSITION_COMPLETED;
    case Disposition::kBusy:
      return dialer::v1::DISPOSITION_BUSY;
    case Disposition::kNoAnswer:
      return dialer::v1::DISPOSITION_NO_ANSWER;
    case Disposition::kFailed:
      return dialer::v1::DISPOSITION_FAILED;
    case Disposition::kCanceled:
      return dialer::v1::DISPOSITION_CANCELED;
  }
  return dialer::v1::DISPOSITION_FAILED;
}

orch::Speaker SpeakerOf(const UtteranceEvent& event, Direction direction) {
  if (event.by_agent) return orch::SPEAKER_AGENT;
  return direction == Direction::kInbound ? orch::SPEAKER_CALLER : orch::SPEAKER_CALLEE;
}

void Fill(const UtteranceEvent& event, Direction direction, orch::CallEvent& message) {
  orch::Utterance& utterance = *message.mutable_utterance();
  utterance.set_speaker(SpeakerOf(event, direction));
  utterance.set_text(event.text);
  utterance.set_interrupted(event.interrupted);
  FillDuration(event.start, *utterance.mutable_start_offset());
  FillDuration(event.end, *utterance.mutable_end_offset());
}

void Fill(const LatencyEvent& event, Direction, orch::CallEvent& message) {
  orch::TurnLatency& latency = *message.mutable_latency();
  latency.set_turn(event.turn);
  // Negative: the step did not happen.
  if (event.stt_final >= absl::ZeroDuration()) {
    FillDuration(event.stt_final, *latency.mutable_stt_final_duration());
  }
  if (event.llm_first_token >= absl::ZeroDuration()) {
    FillDuration(event.llm_first_token, *latency.mutable_llm_first_token_duration());
  }
  if (event.tts_first_byte >= absl::ZeroDuration()) {
    FillDuration(event.tts_first_byte, *latency.mutable_tts_first_byte_duration());
  }
  if (event.first_frame >= absl::ZeroDuration()) {
    FillDuration(event.first_frame, *latency.mutable_first_frame_duration());
  }
}

void Fill(const StateEvent& event, Direction, orch::CallEvent& message) {
  message.mutable_state()->set_state(event.state);
  message.mutable_state()->set_disposition(event.disposition);
  message.mutable_state()->set_reason(event.reason);
}

void Fill(const TroubleEvent& event, Direction, orch::CallEvent& message) {
  message.mutable_trouble()->set_provider(ProviderOf(event.party));
  message.mutable_trouble()->set_reason(event.reason);
  message.mutable_trouble()->set_message(event.message);
  message.mutable_trouble()->set_recovered(event.recovered);
}

void Fill(const RecordingEvent& event, Direction, orch::CallEvent& message) {
  message.mutable_recording()->set_file(event.file);
  FillDuration(event.duration, *message.mutable_recording()->mutable_duration());
}

void Fill(const UsageEvent& event, Direction, orch::CallEvent& message) {
  orch::ModelUsage& usage = *message.mutable_usage();
  usage.set_provider(type::v1::PROVIDER_OPENAI);
  usage.set_model(event.model);
  usage.set_input_text_tokens(event.tokens.input_text);
  usage.set_input_audio_tokens(event.tokens.input_audio);
  usage.set_cached_text_tokens(event.tokens.cached_text);
  usage.set_cached_audio_tokens(event.tokens.cached_audio);
  usage.set_output_text_tokens(event.tokens.output_text);
  usage.set_output_audio_tokens(event.tokens.output_audio);
}

void ParseTools(const v1::AgentSettings& message, AgentSettings& agent) {
  for (const type::v1::Tool& tool : message.tools()) {
    agent.tools.push_back({.name = tool.name(),
                           .description = tool.description(),
                           .parameters = tool.parameters(),
                           .timeout = std::min(ToDuration(tool.timeout()), kToolTimeoutMax),
                           .filler = tool.filler()});
  }
  for (const type::v1::TransferTarget& target : message.transfer_targets()) {
    agent.transfer_targets.push_back({.name = target.name(), .e164 = target.e164()});
  }
}

AgentSettings ParseAgent(const v1::AgentSettings& message) {
  AgentSettings agent;
  agent.system_prompt = message.system_prompt();
  agent.first_message = message.first_message();
  agent.voice_id = message.voice_id();
  agent.llm_model = message.llm_model();
  agent.stt_model = message.stt_model();
  agent.tts_model = message.tts_model();
  if (!message.language().empty()) agent.language = message.language();
  agent.record = message.record();
  if (message.has_call_duration_max()) {
    const absl::Duration wanted = ToDuration(message.call_duration_max());
    if (wanted > absl::ZeroDuration()) agent.call_duration_max = std::min(wanted, kDurationMax);
  }
  if (message.pipeline() == type::v1::PIPELINE_REALTIME) agent.pipeline = Pipeline::kRealtime;
  if (!message.realtime_model().empty()) agent.realtime_model = message.realtime_model();
  if (!message.realtime_voice().empty()) agent.realtime_voice = message.realtime_voice();
  if (message.turn_detection() == type::v1::TURN_DETECTION_SEMANTIC_VAD) {
    agent.turn_detection = TurnDetection::kSemanticVad;
  }
  ParseTools(message, agent);
  return agent;
}

}  // namespace

absl::Duration ToDuration(const google::protobuf::Duration& message) {
  return absl::Seconds(message.seconds()) + absl::Nanoseconds(message.nanos());
}

absl::Time ToTime(const google::protobuf::Timestamp& message) {
  return absl::FromUnixSeconds(message.seconds()) + absl::Nanoseconds(message.nanos());
}

void FillDuration(absl::Duration duration, google::protobuf::Duration& message) {
  message.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  message.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
}

void FillTime(absl::Time time, google::protobuf::Timestamp& message) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  message.set_seconds(seconds);
  message.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

absl::StatusOr<CallSpec> ParseSpec(const v1::CallSpec& message) {
  if (!CallId::Parse(message.call_id()).ok()) return Malformed("call_id");
  if (!TenantId::Parse(message.tenant_id()).ok()) return Malformed("tenant_id");
  if (message.from().empty()) return Malformed("from");
  if (message.to().empty()) return Malformed("to");
  if (message.carrier() != type::v1::PROVIDER_TWILIO) return Malformed("carrier");
  CallSpec spec;
  spec.call_id = message.call_id();
  spec.tenant_id = message.tenant_id();
  spec.number_id = message.number_id();
  spec.from = message.from();
  spec.to = message.to();
  if (message.direction() == type::v1::CALL_DIRECTION_INBOUND) {
    spec.direction = Direction::kInbound;
    if (message.carrier_call_id().empty()) return Malformed("carrier_call_id");
    spec.carrier_call_id = message.carrier_call_id();
  }
  spec.agent = ParseAgent(message.agent());
  if (message.has_ring_duration_max()) {
    const absl::Duration wanted = ToDuration(message.ring_duration_max());
    if (wanted > absl::ZeroDuration()) spec.ring_duration_max = std::min(wanted, absl::Minutes(2));
  }
  return spec;
}

void FillParameters(const http::Form& form, CarrierParameters& message) {
  for (const auto& [name, value] : form) {
    dialer::v1::CarrierParameter& parameter = *message.Add();
    parameter.set_name(name);
    parameter.set_value(value);
  }
}

dialer::v1::CallState ToCallState(const std::string& state) {
  if (state == "placing") return dialer::v1::CALL_STATE_PLACING;
  if (state == "ringing") return dialer::v1::CALL_STATE_RINGING;
  if (state == "answered") return dialer::v1::CALL_STATE_ANSWERED;
  return dialer::v1::CALL_STATE_UNSPECIFIED;
}

void FillOutcome(const std::string& call_id, const Outcome& outcome,
                 dialer::v1::CompleteCallRequest& message) {
  message.set_call_id(call_id);
  message.set_disposition(ToDisposition(outcome.disposition));
  message.set_reason(outcome.reason);
  message.set_message(outcome.message);
  message.set_carrier_call_id(outcome.carrier_call_id);
  if (outcome.answer_time != absl::InfinitePast()) {
    FillTime(outcome.answer_time, *message.mutable_answer_time());
  }
  FillTime(outcome.end_time, *message.mutable_end_time());
  if (outcome.carrier_duration >= absl::ZeroDuration()) {
    FillDuration(outcome.carrier_duration, *message.mutable_carrier_duration());
  }
}

void FillEvent(absl::Time when, const CallEvent& event, Direction direction,
               orch::CallEvent& message) {
  FillTime(when, *message.mutable_event_time());
  std::visit([&](const auto& one) { Fill(one, direction, message); }, event);
}

}  // namespace latchkey::media
