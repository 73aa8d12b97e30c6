#include "services/orchestrator/adapters/call_event_message.h"

#include <utility>

#include "services/orchestrator/adapters/time_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

using What = decltype(CallEvent::what);

std::optional<Speaker> ParseSpeaker(pb::Speaker speaker) {
  switch (speaker) {
    case pb::SPEAKER_AGENT:
      return Speaker::kAgent;
    case pb::SPEAKER_CALLEE:
      return Speaker::kCallee;
    case pb::SPEAKER_CALLER:
      return Speaker::kCaller;
    default:
      return std::nullopt;
  }
}

pb::Speaker ToMessage(Speaker speaker) {
  switch (speaker) {
    case Speaker::kAgent:
      return pb::SPEAKER_AGENT;
    case Speaker::kCallee:
      return pb::SPEAKER_CALLEE;
    case Speaker::kCaller:
      return pb::SPEAKER_CALLER;
  }
  return pb::SPEAKER_UNSPECIFIED;
}

absl::StatusOr<What> Parse(const pb::Utterance& message) {
  Utterance utterance;
  const std::optional<Speaker> speaker = ParseSpeaker(message.speaker());
  if (!speaker.has_value()) return Malformed("An utterance has a speaker.");
  utterance.speaker = *speaker;
  utterance.text = message.text();
  utterance.start_offset = ToDuration(message.start_offset());
  utterance.end_offset = ToDuration(message.end_offset());
  utterance.interrupted = message.interrupted();
  return What(std::move(utterance));
}

std::optional<absl::Duration> ParseOptional(bool set, const google::protobuf::Duration& message) {
  if (!set) return std::nullopt;
  return ToDuration(message);
}

absl::StatusOr<What> Parse(const pb::TurnLatency& message) {
  TurnLatency latency;
  latency.turn = message.turn();
  latency.stt_final = ParseOptional(message.has_stt_final_duration(), message.stt_final_duration());
  latency.llm_first_token =
      ParseOptional(message.has_llm_first_token_duration(), message.llm_first_token_duration());
  latency.tts_first_byte =
      ParseOptional(message.has_tts_first_byte_duration(), message.tts_first_byte_duration());
  latency.first_frame =
      ParseOptional(message.has_first_frame_duration(), message.first_frame_duration());
  return What(latency);
}

absl::StatusOr<What> Parse(const pb::StateChange& message) {
  return What(StateChange{message.state(), message.disposition(), message.reason()});
}

absl::StatusOr<What> Parse(const pb::Trouble& message) {
  Trouble trouble;
  if (message.provider() != latchkey::type::v1::PROVIDER_UNSPECIFIED) {
    absl::StatusOr<Provider> provider =
        provider::ParseProvider(static_cast<int>(message.provider()));
    if (!provider.ok()) return Malformed("A trouble's provider is unknown.");
    trouble.provider = *provider;
  }
  trouble.reason = message.reason();
  trouble.message = message.message();
  trouble.recovered = message.recovered();
  return What(std::move(trouble));
}

absl::StatusOr<What> Parse(const pb::RecordingReady& message) {
  return What(RecordingReady{message.file(), ToDuration(message.duration())});
}

absl::StatusOr<What> Parse(const pb::ModelUsage& message) {
  absl::StatusOr<Provider> provider = provider::ParseProvider(static_cast<int>(message.provider()));
  if (!provider.ok()) return Malformed("A usage's provider is unknown.");
  return What(ModelUsage{.provider = *provider,
                         .model = message.model(),
                         .input_text_tokens = message.input_text_tokens(),
                         .input_audio_tokens = message.input_audio_tokens(),
                         .cached_text_tokens = message.cached_text_tokens(),
                         .cached_audio_tokens = message.cached_audio_tokens(),
                         .output_text_tokens = message.output_text_tokens(),
                         .output_audio_tokens = message.output_audio_tokens()});
}

absl::StatusOr<What> ParseWhat(const pb::CallEvent& message) {
  switch (message.event_case()) {
    case pb::CallEvent::kUtterance:
      return Parse(message.utterance());
    case pb::CallEvent::kLatency:
      return Parse(message.latency());
    case pb::CallEvent::kState:
      return Parse(message.state());
    case pb::CallEvent::kTrouble:
      return Parse(message.trouble());
    case pb::CallEvent::kRecording:
      return Parse(message.recording());
    case pb::CallEvent::kUsage:
      return Parse(message.usage());
    case pb::CallEvent::EVENT_NOT_SET:
      break;
  }
  return Malformed("An event says what happened.");
}

void Fill(const Utterance& utterance, pb::Utterance& message) {
  message.set_speaker(ToMessage(utterance.speaker));
  message.set_text(utterance.text);
  FillDuration(utterance.start_offset, *message.mutable_start_offset());
  FillDuration(utterance.end_offset, *message.mutable_end_offset());
  message.set_interrupted(utterance.interrupted);
}

void Fill(const TurnLatency& latency, pb::TurnLatency& message) {
  message.set_turn(latency.turn);
  if (latency.stt_final) FillDuration(*latency.stt_final, *message.mutable_stt_final_duration());
  if (latency.llm_first_token) {
    FillDuration(*latency.llm_first_token, *message.mutable_llm_first_token_duration());
  }
  if (latency.tts_first_byte) {
    FillDuration(*latency.tts_first_byte, *message.mutable_tts_first_byte_duration());
  }
  if (latency.first_frame) {
    FillDuration(*latency.first_frame, *message.mutable_first_frame_duration());
  }
}

void Fill(const StateChange& change, pb::StateChange& message) {
  message.set_state(change.state);
  message.set_disposition(change.disposition);
  message.set_reason(change.reason);
}

void Fill(const Trouble& trouble, pb::Trouble& message) {
  if (trouble.provider.has_value()) {
    message.set_provider(static_cast<latchkey::type::v1::Provider>(*trouble.provider));
  }
  message.set_reason(trouble.reason);
  message.set_message(trouble.message);
  message.set_recovered(trouble.recovered);
}

void Fill(const RecordingReady& recording, pb::RecordingReady& message) {
  message.set_file(recording.file);
  FillDuration(recording.duration, *message.mutable_duration());
}

void Fill(const ModelUsage& usage, pb::ModelUsage& message) {
  message.set_provider(static_cast<latchkey::type::v1::Provider>(usage.provider));
  message.set_model(usage.model);
  message.set_input_text_tokens(usage.input_text_tokens);
  message.set_input_audio_tokens(usage.input_audio_tokens);
  message.set_cached_text_tokens(usage.cached_text_tokens);
  message.set_cached_audio_tokens(usage.cached_audio_tokens);
  message.set_output_text_tokens(usage.output_text_tokens);
  message.set_output_audio_tokens(usage.output_audio_tokens);
}

// Chooses the field of the oneof for each alternative.
struct FillWhat {
  void operator()(const Utterance& what) const { Fill(what, *message.mutable_utterance()); }
  void operator()(const TurnLatency& what) const { Fill(what, *message.mutable_latency()); }
  void operator()(const StateChange& what) const { Fill(what, *message.mutable_state()); }
  void operator()(const Trouble& what) const { Fill(what, *message.mutable_trouble()); }
  void operator()(const RecordingReady& what) const { Fill(what, *message.mutable_recording()); }
  void operator()(const ModelUsage& what) const { Fill(what, *message.mutable_usage()); }

  pb::CallEvent& message;
};

}  // namespace

absl::StatusOr<CallEvent> ParseCallEvent(const pb::CallEvent& message) {
  CallEvent event;
  absl::StatusOr<CallId> call = CallId::Parse(message.call_id());
  if (!call.ok()) return call.status();
  absl::StatusOr<TenantId> tenant = TenantId::Parse(message.tenant_id());
  if (!tenant.ok()) return tenant.status();
  if (!message.has_event_time() || !IsTime(message.event_time())) {
    return Malformed("An event has an event_time, of the years 1 to 9999.");
  }
  absl::StatusOr<What> what = ParseWhat(message);
  if (!what.ok()) return what.status();
  event.call = *std::move(call);
  event.tenant = *std::move(tenant);
  event.sequence = message.sequence();
  event.time = ToTime(message.event_time());
  event.what = *std::move(what);
  return event;
}

void FillCallEvent(const CallEvent& event, pb::CallEvent& message) {
  message.set_call_id(event.call.text());
  message.set_tenant_id(event.tenant.text());
  message.set_sequence(event.sequence);
  FillTime(event.time, *message.mutable_event_time());
  std::visit(FillWhat{message}, event.what);
}

void FillTranscript(const Transcript& transcript, pb::GetTranscriptResponse& message) {
  for (const Utterance& utterance : transcript.utterances) {
    Fill(utterance, *message.add_utterances());
  }
  for (const TurnLatency& latency : transcript.latencies) Fill(latency, *message.add_latencies());
  for (const Trouble& trouble : transcript.troubles) Fill(trouble, *message.add_troubles());
  if (transcript.recording.has_value()) {
    Fill(*transcript.recording, *message.mutable_recording());
  }
}

std::string_view KindText(const CallEvent& event) {
  // In the order of the variant.
  constexpr std::string_view kKinds[] = {"utterance", "latency",   "state",
                                         "trouble",   "recording", "usage"};
  static_assert(std::size(kKinds) == std::variant_size_v<decltype(event.what)>);
  return kKinds[event.what.index()];
}

}  // namespace latchkey::orchestrator
