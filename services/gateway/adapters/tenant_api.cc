#include "services/gateway/adapters/tenant_api.h"

#include <boost/json/array.hpp>

#include "lib/base/error.h"
#include "lib/base/id.h"
#include "services/gateway/adapters/agent_body.h"
#include "services/gateway/adapters/json_values.h"
#include "services/gateway/adapters/json_views.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace orch = orchestrator::v1;
using orch::Orchestrator;

constexpr absl::Duration kCallLimit = absl::Seconds(5);

rpc::CallOptions Options(const ApiRequest& request) {
  return rpc::CallOptions(kCallLimit, "", request.tenant.tenant_id());
}

absl::StatusOr<orch::OnboardingMode> ParseMode(const json::object& body) {
  const absl::StatusOr<std::string> mode = TextField(body, "mode");
  if (!mode.ok()) return mode.status();
  if (*mode == "byok") return orch::ONBOARDING_MODE_BYOK;
  if (*mode == "bundled") return orch::ONBOARDING_MODE_BUNDLED;
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
               "The field mode has to be \"byok\" or \"bundled\".");
}

absl::StatusOr<orch::CreateNumberRequest> ParseNumber(const json::object& body) {
  orch::CreateNumberRequest create;
  const absl::StatusOr<std::string> e164 = TextField(body, "e164");
  if (!e164.ok()) return e164.status();
  create.set_e164(*e164);
  const absl::StatusOr<std::string> carrier = TextField(body, "carrier", "twilio");
  if (!carrier.ok()) return carrier.status();
  const absl::StatusOr<type::v1::Provider> provider = ParseProvider(*carrier);
  if (!provider.ok()) return provider.status();
  create.set_carrier(*provider);
  const json::value* agent = body.if_contains("agent");
  const json::object none;
  if (agent != nullptr && !agent->is_object()) {
    return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedBody,
                 "The field agent has to be an object.");
  }
  absl::StatusOr<orch::Agent> parsed = ParseAgent(agent == nullptr ? none : agent->get_object());
  if (!parsed.ok()) return parsed.status();
  *create.mutable_agent() = *std::move(parsed);
  return create;
}

Reply NumberReply(int status, const orch::Number& number) {
  Reply reply;
  reply.status = status;
  reply.body = NumberView(number);
  return reply;
}

Reply TenantReply(const orch::Tenant& tenant) {
  Reply reply;
  reply.body = TenantView(tenant);
  return reply;
}

}  // namespace

Task<absl::StatusOr<Reply>> TenantApi::GetOnboarding(const ApiRequest& request) {
  orch::GetOnboardingRequest get;
  get.set_tenant_id(request.tenant.tenant_id());
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<orch::GetOnboardingResponse> onboarding = co_await rpc::Call(
      orchestrator_, &Orchestrator::Stub::PrepareAsyncGetOnboarding, get, options);
  if (!onboarding.ok()) co_return onboarding.status();
  Reply reply;
  reply.body = OnboardingView(*onboarding);
  co_return reply;
}

Task<absl::StatusOr<Reply>> TenantApi::SetMode(const ApiRequest& request) {
  const absl::StatusOr<json::object> body = ParseBody(request.body);
  if (!body.ok()) co_return body.status();
  const absl::StatusOr<orch::OnboardingMode> mode = ParseMode(*body);
  if (!mode.ok()) co_return mode.status();
  orch::SetModeRequest set;
  set.set_tenant_id(request.tenant.tenant_id());
  set.set_mode(*mode);
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<orch::SetModeResponse> done =
      co_await rpc::Call(orchestrator_, &Orchestrator::Stub::PrepareAsyncSetMode, set, options);
  if (!done.ok()) co_return done.status();
  co_return TenantReply(done->tenant());
}

Task<absl::StatusOr<Reply>> TenantApi::CompleteOnboarding(const ApiRequest& request) {
  orch::CompleteOnboardingRequest complete;
  complete.set_tenant_id(request.tenant.tenant_id());
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<orch::CompleteOnboardingResponse> done = co_await rpc::Call(
      orchestrator_, &Orchestrator::Stub::PrepareAsyncCompleteOnboarding, complete, options);
  if (!done.ok()) co_return done.status();
  co_return TenantReply(done->tenant());
}

Task<absl::StatusOr<Reply>> TenantApi::ListNumbers(const ApiRequest& request) {
  const absl::StatusOr<int32_t> page_size = IntegerParameter(request, "pageSize");
  if (!page_size.ok()) co_return page_size.status();
  orch::ListNumbersRequest list;
  list.set_tenant_id(request.tenant.tenant_id());
  list.set_page_size(*page_size);
  const auto token = request.query.find("pageToken");
  if (token != request.query.end()) list.set_page_token(token->second);
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<orch::ListNumbersResponse> page = co_await rpc::Call(
      orchestrator_, &Orchestrator::Stub::PrepareAsyncListNumbers, list, options);
  if (!page.ok()) co_return page.status();
  json::array numbers;
  for (const orch::Number& number : page->numbers()) numbers.push_back(NumberView(number));
  Reply reply;
  reply.body = {{"numbers", std::move(numbers)}, {"nextPageToken", page->next_page_token()}};
  co_return reply;
}

Task<absl::StatusOr<Reply>> TenantApi::GetNumber(const ApiRequest& request) {
  orch::GetNumberRequest get;
  get.set_tenant_id(request.tenant.tenant_id());
  get.set_number_id(request.parameters[0]);
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<orch::GetNumberResponse> found =
      co_await rpc::Call(orchestrator_, &Orchestrator::Stub::PrepareAsyncGetNumber, get, options);
  if (!found.ok()) co_return found.status();
  co_return NumberReply(200, found->number());
}

Task<absl::StatusOr<Reply>> TenantApi::CreateNumber(const ApiRequest& request) {
  const absl::StatusOr<json::object> body = ParseBody(request.body);
  if (!body.ok()) co_return body.status();
  absl::StatusOr<orch::CreateNumberRequest> create = ParseNumber(*body);
  if (!create.ok()) co_return create.status();
  // Without an Idempotency-Key a repetition answers number_taken, which does no harm.
  create->set_request_id(request.idempotency_key.empty() ? MakeIdText("req_", random_)
                                                         : request.idempotency_key);
  create->set_tenant_id(request.tenant.tenant_id());
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<orch::CreateNumberResponse> made = co_await rpc::Call(
      orchestrator_, &Orchestrator::Stub::PrepareAsyncCreateNumber, *create, options);
  if (!made.ok()) co_return made.status();
  co_return NumberReply(201, made->number());
}

Task<absl::StatusOr<Reply>> TenantApi::UpdateNumber(const ApiRequest& request) {
  const absl::StatusOr<json::object> body = ParseBody(request.body);
  if (!body.ok()) co_return body.status();
  absl::StatusOr<orch::Agent> agent = ParseAgent(*body);
  if (!agent.ok()) co_return agent.status();
  orch::UpdateNumberRequest update;
  update.set_tenant_id(request.tenant.tenant_id());
  update.set_number_id(request.parameters[0]);
  *update.mutable_agent() = *std::move(agent);
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<orch::UpdateNumberResponse> done = co_await rpc::Call(
      orchestrator_, &Orchestrator::Stub::PrepareAsyncUpdateNumber, update, options);
  if (!done.ok()) co_return done.status();
  co_return NumberReply(200, done->number());
}

Task<absl::StatusOr<Reply>> TenantApi::AddDnc(const ApiRequest& request) {
  dialer::v1::AddDncRequest add;
  add.set_tenant_id(request.tenant.tenant_id());
  add.set_e164(request.parameters[0]);
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<dialer::v1::AddDncResponse> done =
      co_await rpc::Call(dialer_, &dialer::v1::Dialer::Stub::PrepareAsyncAddDnc, add, options);
  if (!done.ok()) co_return done.status();
  Reply reply;
  reply.body["ok"] = true;
  co_return reply;
}

Task<absl::StatusOr<Reply>> TenantApi::RemoveDnc(const ApiRequest& request) {
  dialer::v1::RemoveDncRequest remove;
  remove.set_tenant_id(request.tenant.tenant_id());
  remove.set_e164(request.parameters[0]);
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<dialer::v1::RemoveDncResponse> done = co_await rpc::Call(
      dialer_, &dialer::v1::Dialer::Stub::PrepareAsyncRemoveDnc, remove, options);
  if (!done.ok()) co_return done.status();
  Reply reply;
  reply.body["ok"] = true;
  co_return reply;
}

Task<absl::StatusOr<Reply>> TenantApi::ListEvents(const ApiRequest& request) {
  const absl::StatusOr<int32_t> page_size = IntegerParameter(request, "pageSize");
  if (!page_size.ok()) co_return page_size.status();
  orch::ListEventsRequest list;
  list.set_tenant_id(request.tenant.tenant_id());
  list.set_page_size(*page_size);
  const auto token = request.query.find("pageToken");
  if (token != request.query.end()) list.set_page_token(token->second);
  const rpc::CallOptions options = Options(request);
  absl::StatusOr<orch::ListEventsResponse> page =
      co_await rpc::Call(orchestrator_, &Orchestrator::Stub::PrepareAsyncListEvents, list, options);
  if (!page.ok()) co_return page.status();
  json::array events;
  for (const orch::Event& event : page->events()) events.push_back(TenantEventView(event));
  Reply reply;
  reply.body = {{"events", std::move(events)}, {"nextPageToken", page->next_page_token()}};
  co_return reply;
}

}  // namespace latchkey::gateway
