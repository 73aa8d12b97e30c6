#include "services/dialer/adapters/grpc_media.h"

#include "services/dialer/adapters/convert.h"
#include "services/dialer/adapters/peer_failure.h"
#include "services/dialer/adapters/times.h"

namespace latchkey::dialer {
namespace {

using Stub = media::v1::Media::Stub;

// Media answers before it asks anybody; twice the slowest that was ever seen.
constexpr absl::Duration kStartDeadline = absl::Seconds(2);
// Includes leasing its key, and two requests to the carrier.
constexpr absl::Duration kConfigureDeadline = absl::Seconds(12);
// Includes asking the carrier, and reporting to us. Below Settlement's claim.
constexpr absl::Duration kSettleDeadline = absl::Seconds(15);

// Without their addresses: those are orchestrator's to use.
void FillTools(const AgentSettings& agent, media::v1::AgentSettings& message) {
  for (const Tool& tool : agent.tools) {
    type::v1::Tool& out = *message.add_tools();
    out.set_name(tool.name);
    out.set_description(tool.description);
    out.set_parameters(tool.parameters);
    FillDuration(tool.timeout, *out.mutable_timeout());
    out.set_filler(tool.filler);
  }
  for (const TransferTarget& target : agent.transfer_targets) {
    type::v1::TransferTarget& out = *message.add_transfer_targets();
    out.set_name(target.name);
    out.set_e164(target.e164);
  }
}

void FillAgent(const AgentSettings& agent, media::v1::AgentSettings& message) {
  message.set_system_prompt(agent.system_prompt);
  message.set_first_message(agent.first_message);
  message.set_voice_id(agent.voice_id);
  message.set_llm_model(agent.llm_model);
  message.set_stt_model(agent.stt_model);
  message.set_tts_model(agent.tts_model);
  message.set_language(agent.language);
  message.set_record(agent.record);
  FillDuration(agent.call_duration_max, *message.mutable_call_duration_max());
  const bool realtime = agent.pipeline == Pipeline::kRealtime;
  message.set_pipeline(realtime ? type::v1::PIPELINE_REALTIME : type::v1::PIPELINE_COMPOSED);
  message.set_realtime_model(agent.realtime_model);
  message.set_realtime_voice(agent.realtime_voice);
  const bool semantic = agent.turn_detection == TurnDetection::kSemanticVad;
  message.set_turn_detection(semantic ? type::v1::TURN_DETECTION_SEMANTIC_VAD
                                      : type::v1::TURN_DETECTION_SERVER_VAD);
  FillTools(agent, message);
}

rpc::CallOptions About(const Call& call, absl::Duration deadline) {
  return rpc::CallOptions(deadline, call.id.text(), call.tenant.text());
}

}  // namespace

void FillTicket(const SignedTicket& ticket, type::v1::SignedTicket& message) {
  message.set_ticket(ticket.ticket);
  message.set_signature(ticket.signature);
}

void FillSpec(const Call& call, const AgentSettings& agent, media::v1::CallSpec& spec) {
  spec.set_call_id(call.id.text());
  spec.set_tenant_id(call.tenant.text());
  spec.set_number_id(call.number.text());
  spec.set_from(call.from);
  spec.set_to(call.to);
  spec.set_carrier(static_cast<type::v1::Provider>(call.carrier));
  FillAgent(agent, *spec.mutable_agent());
  FillDuration(kRingMax, *spec.mutable_ring_duration_max());
  spec.set_direction(DirectionMessage(call.direction));
  if (call.direction == Direction::kInbound) spec.set_carrier_call_id(call.carrier_call_id);
}

std::shared_ptr<GrpcMedia::Client> GrpcMedia::ClientOf(const MediaInstance& instance) {
  Channel& channel = channels_[instance.name];
  if (channel.client == nullptr || channel.address != instance.address) {
    channel.address = instance.address;
    channel.client = std::make_shared<Client>(peers_, "media/" + instance.name, instance.address);
  }
  return channel.client;
}

Task<absl::StatusOr<std::string>> GrpcMedia::Start(const MediaInstance& instance, const Call& call,
                                                   const AgentSettings& agent,
                                                   const SignedTicket& ticket) {
  media::v1::StartCallRequest request;
  FillSpec(call, agent, *request.mutable_spec());
  FillTicket(ticket, *request.mutable_ticket());
  const std::shared_ptr<Client> client = ClientOf(instance);
  const rpc::CallOptions options = About(call, kStartDeadline);
  absl::StatusOr<media::v1::StartCallResponse> response =
      co_await rpc::Call(*client, &Stub::PrepareAsyncStartCall, request, options);
  if (!response.ok()) co_return response.status();
  co_return response->stream_url();
}

Task<absl::Status> GrpcMedia::End(const MediaInstance& instance, const Call& call,
                                  const std::string& reason) {
  media::v1::EndCallRequest request;
  request.set_call_id(call.id.text());
  request.set_reason(reason);
  const std::shared_ptr<Client> client = ClientOf(instance);
  const rpc::CallOptions options = About(call, kLookupDeadline);
  absl::StatusOr<media::v1::EndCallResponse> response =
      co_await rpc::Call(*client, &Stub::PrepareAsyncEndCall, request, options);
  co_return PeerFailure(response.status(), "media");
}

Task<absl::Status> GrpcMedia::Settle(const MediaInstance& instance, const Call& call,
                                     const SignedTicket& ticket) {
  media::v1::SettleCallRequest request;
  request.set_call_id(call.id.text());
  request.set_tenant_id(call.tenant.text());
  request.set_carrier(static_cast<type::v1::Provider>(call.carrier));
  request.set_carrier_call_id(call.carrier_call_id);
  request.set_from(call.from);
  request.set_to(call.to);
  FillTime(call.create_time, *request.mutable_placed_after());
  FillTicket(ticket, *request.mutable_ticket());
  const std::shared_ptr<Client> client = ClientOf(instance);
  const rpc::CallOptions options = About(call, kSettleDeadline);
  absl::StatusOr<media::v1::SettleCallResponse> response =
      co_await rpc::Call(*client, &Stub::PrepareAsyncSettleCall, request, options);
  co_return response.status();
}

Task<absl::Status> GrpcMedia::Configure(const MediaInstance& instance, const Call& setup,
                                        const SignedTicket& ticket) {
  media::v1::ConfigureNumberRequest request;
  request.set_tenant_id(setup.tenant.text());
  request.set_call_id(setup.id.text());
  request.set_e164(setup.to);
  request.set_carrier(static_cast<type::v1::Provider>(setup.carrier));
  FillTicket(ticket, *request.mutable_ticket());
  const std::shared_ptr<Client> client = ClientOf(instance);
  const rpc::CallOptions options(kConfigureDeadline, "", setup.tenant.text());
  absl::StatusOr<media::v1::ConfigureNumberResponse> response =
      co_await rpc::Call(*client, &Stub::PrepareAsyncConfigureNumber, request, options);
  // What media says about the carrier is told as it is; without a reason it was not media that
  // spoke.
  if (!Reason(response.status()).empty()) co_return response.status();
  co_return PeerFailure(response.status(), "media");
}

}  // namespace latchkey::dialer
