#include "services/dialer/adapters/grpc_directory.h"

#include "lib/base/error.h"
#include "services/dialer/adapters/peer_failure.h"
#include "services/dialer/adapters/times.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

using Stub = orchestrator::v1::Orchestrator::Stub;

absl::Status Broken() {
  return Error(absl::StatusCode::kInternal, reasons::kMalformedResponse,
               "Another service gave an incomplete answer. Report this.");
}

std::string PlanText(orchestrator::v1::Plan plan) {
  if (plan == orchestrator::v1::PLAN_PRO) return "pro";
  if (plan == orchestrator::v1::PLAN_BYOK) return "byok";
  return "free";
}

CallingRules ParseRules(const orchestrator::v1::CallingRules& message) {
  CallingRules rules;
  rules.countries.assign(message.countries().begin(), message.countries().end());
  // A window always ends after it starts, so an end of 0 is one that was not set.
  if (message.window_end_minute() > 0) {
    rules.window = CallingWindow{message.window_start_minute(), message.window_end_minute()};
  }
  if (message.concurrent_calls_max() > 0)
    rules.concurrent_calls_max = message.concurrent_calls_max();
  return rules;
}

AgentSettings ParseAgent(const orchestrator::v1::Agent& message) {
  AgentSettings agent;
  agent.system_prompt = message.system_prompt();
  agent.first_message = message.first_message();
  agent.voice_id = message.voice_id();
  agent.llm_model = message.llm_model();
  agent.stt_model = message.stt_model();
  agent.tts_model = message.tts_model();
  agent.language = message.language();
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
  for (const type::v1::Tool& tool : message.tools()) {
    agent.tools.push_back({.name = tool.name(),
                           .description = tool.description(),
                           .parameters = tool.parameters(),
                           .timeout = ToDuration(tool.timeout()),
                           .filler = tool.filler()});
  }
  for (const type::v1::TransferTarget& target : message.transfer_targets()) {
    agent.transfer_targets.push_back({.name = target.name(), .e164 = target.e164()});
  }
  return agent;
}

}  // namespace

absl::StatusOr<Line> ParseLine(const orchestrator::v1::FindNumberResponse& response) {
  const orchestrator::v1::Number& number = response.number();
  const orchestrator::v1::Tenant& tenant = response.tenant();
  absl::StatusOr<NumberId> number_id = NumberId::Parse(number.number_id());
  absl::StatusOr<TenantId> tenant_id = TenantId::Parse(tenant.tenant_id());
  absl::StatusOr<E164> e164 = E164::Parse(number.e164());
  absl::StatusOr<Provider> carrier = provider::ParseProvider(static_cast<int>(number.carrier()));
  if (!number_id.ok() || !tenant_id.ok() || !e164.ok() || !carrier.ok()) return Broken();
  Line line;
  line.number.id = *std::move(number_id);
  line.number.e164 = e164->text();
  line.number.carrier = *carrier;
  line.number.platform_owned = number.platform_owned();
  line.number.agent = ParseAgent(number.agent());
  line.tenant.id = *std::move(tenant_id);
  line.tenant.country = tenant.country();
  line.tenant.currency = tenant.currency_code();
  line.tenant.plan = PlanText(tenant.plan());
  line.tenant.byok = tenant.mode() == orchestrator::v1::ONBOARDING_MODE_BYOK;
  line.tenant.onboarded = tenant.onboarded();
  line.tenant.rules = ParseRules(tenant.rules());
  return line;
}

Task<absl::StatusOr<Line>> GrpcDirectory::FindLine(const TenantId& tenant, const NumberId& number) {
  orchestrator::v1::FindNumberRequest request;
  request.set_tenant_id(tenant.text());
  request.set_number_id(number.text());
  const rpc::CallOptions options(kLookupDeadline, "", tenant.text());
  absl::StatusOr<orchestrator::v1::FindNumberResponse> response =
      co_await rpc::Call(orchestrator_, &Stub::PrepareAsyncFindNumber, request, options);
  if (absl::IsNotFound(response.status())) {
    co_return Error(absl::StatusCode::kNotFound, reasons::kNumberNotFound,
                    "The tenant has no such number to call from.");
  }
  if (!response.ok()) co_return PeerFailure(response.status(), "orchestrator");
  co_return ParseLine(*response);
}

Task<absl::StatusOr<Line>> GrpcDirectory::FindCalled(const E164& called) {
  orchestrator::v1::FindNumberRequest request;
  request.set_e164(called.text());
  const rpc::CallOptions options(kLookupDeadline);
  absl::StatusOr<orchestrator::v1::FindNumberResponse> response =
      co_await rpc::Call(orchestrator_, &Stub::PrepareAsyncFindNumber, request, options);
  if (absl::IsNotFound(response.status())) {
    co_return Error(absl::StatusCode::kNotFound, reasons::kNumberNotFound,
                    "No tenant has the number that is called.");
  }
  if (!response.ok()) co_return PeerFailure(response.status(), "orchestrator");
  co_return ParseLine(*response);
}

}  // namespace latchkey::dialer
