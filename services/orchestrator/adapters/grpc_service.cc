#include "services/orchestrator/adapters/grpc_service.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "services/orchestrator/adapters/call_event_message.h"
#include "services/orchestrator/adapters/tenant_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

absl::StatusOr<int64_t> ParseCursor(const std::string& cursor) {
  int64_t position = 0;
  if (cursor.empty()) return position;
  if (absl::SimpleAtoi(cursor, &position) && position >= 0) return position;
  return Malformed("cursor is one of this method's own, or empty.");
}

// A tenant and something of it.
template <typename IdType>
struct Owned {
  TenantId tenant;
  IdType id;
};

template <typename IdType>
absl::StatusOr<Owned<IdType>> ParseOwned(const std::string& tenant_id, const std::string& id) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(tenant_id);
  if (!tenant.ok()) return tenant.status();
  absl::StatusOr<IdType> parsed = IdType::Parse(id);
  if (!parsed.ok()) return parsed.status();
  return Owned<IdType>{*std::move(tenant), *std::move(parsed)};
}

}  // namespace

GrpcService::GrpcService(Tenants& tenants, Onboarding& onboarding, CallLog& call_log)
    : tenants_(tenants), onboarding_(onboarding), call_log_(call_log) {}

Task<absl::Status> GrpcService::CreateTenant(const rpc::CallContext&,
                                             const pb::CreateTenantRequest& request,
                                             pb::CreateTenantResponse& response) {
  absl::StatusOr<NewTenant> wanted = ParseNewTenant(request);
  if (!wanted.ok()) co_return wanted.status();
  absl::StatusOr<Tenant> tenant = co_await tenants_.Create(*wanted);
  if (!tenant.ok()) co_return tenant.status();
  FillTenant(*tenant, *response.mutable_tenant());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::UpdateTenant(const rpc::CallContext&,
                                             const pb::UpdateTenantRequest& request,
                                             pb::UpdateTenantResponse& response) {
  absl::StatusOr<TenantId> id = TenantId::Parse(request.tenant_id());
  if (!id.ok()) co_return id.status();
  std::optional<Plan> plan;
  if (request.plan() != pb::PLAN_UNSPECIFIED) {
    absl::StatusOr<Plan> parsed = ParsePlan(request.plan());
    if (!parsed.ok()) co_return parsed.status();
    plan = *parsed;
  }
  std::optional<CallingRules> rules;
  if (request.has_rules()) rules = ParseRules(request.rules());
  absl::StatusOr<Tenant> tenant = co_await tenants_.Update(*id, plan, rules);
  if (!tenant.ok()) co_return tenant.status();
  FillTenant(*tenant, *response.mutable_tenant());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::CreateApiKey(const rpc::CallContext&,
                                             const pb::CreateApiKeyRequest& request,
                                             pb::CreateApiKeyResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<NewApiKey> made = co_await tenants_.CreateApiKey(*tenant, request.label());
  if (!made.ok()) co_return made.status();
  response.set_api_key_id(made->id.text());
  response.set_api_key(made->text);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::RevokeApiKey(const rpc::CallContext&,
                                             const pb::RevokeApiKeyRequest& request,
                                             pb::RevokeApiKeyResponse&) {
  absl::StatusOr<ApiKeyId> key = ApiKeyId::Parse(request.api_key_id());
  if (!key.ok()) co_return key.status();
  co_return co_await tenants_.RevokeApiKey(*key);
}

Task<absl::Status> GrpcService::Authenticate(const rpc::CallContext&,
                                             const pb::AuthenticateRequest& request,
                                             pb::AuthenticateResponse& response) {
  absl::StatusOr<Principal> principal = co_await tenants_.Authenticate(request.api_key_hash());
  if (!principal.ok()) co_return principal.status();
  FillTenant(principal->tenant, *response.mutable_tenant());
  response.set_api_key_id(principal->api_key.text());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::GetOnboarding(const rpc::CallContext&,
                                              const pb::GetOnboardingRequest& request,
                                              pb::GetOnboardingResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<OnboardingState> state = co_await onboarding_.Get(*tenant);
  if (!state.ok()) co_return state.status();
  FillOnboarding(*state, response);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::SetMode(const rpc::CallContext&, const pb::SetModeRequest& request,
                                        pb::SetModeResponse& response) {
  absl::StatusOr<TenantId> id = TenantId::Parse(request.tenant_id());
  if (!id.ok()) co_return id.status();
  absl::StatusOr<Mode> mode = ParseMode(request.mode());
  if (!mode.ok()) co_return mode.status();
  absl::StatusOr<Tenant> tenant = co_await tenants_.SetMode(*id, *mode);
  if (!tenant.ok()) co_return tenant.status();
  FillTenant(*tenant, *response.mutable_tenant());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::CompleteOnboarding(const rpc::CallContext&,
                                                   const pb::CompleteOnboardingRequest& request,
                                                   pb::CompleteOnboardingResponse& response) {
  absl::StatusOr<TenantId> id = TenantId::Parse(request.tenant_id());
  if (!id.ok()) co_return id.status();
  absl::StatusOr<Tenant> tenant = co_await onboarding_.Complete(*id);
  if (!tenant.ok()) co_return tenant.status();
  FillTenant(*tenant, *response.mutable_tenant());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::AppendCallEvents(const rpc::CallContext& context,
                                                 const pb::AppendCallEventsRequest& request,
                                                 pb::AppendCallEventsResponse&) {
  std::vector<CallEvent> events;
  for (const pb::CallEvent& message : request.events()) {
    absl::StatusOr<CallEvent> event = ParseCallEvent(message);
    if (!event.ok()) co_return event.status();
    events.push_back(*std::move(event));
  }
  const std::string source = context.caller().Name();
  co_return co_await call_log_.Append(source, events);
}

Task<absl::Status> GrpcService::WatchCall(const rpc::CallContext&,
                                          const pb::WatchCallRequest& request,
                                          rpc::Writer<pb::WatchCallResponse>& writer) {
  auto owned = ParseOwned<CallId>(request.tenant_id(), request.call_id());
  if (!owned.ok()) co_return owned.status();
  absl::StatusOr<int64_t> position = ParseCursor(request.cursor());
  if (!position.ok()) co_return position.status();
  CallWatch watch = call_log_.Watch(owned->tenant, owned->id, *position);
  while (true) {
    absl::StatusOr<std::vector<StoredEvent>> events = co_await watch.Next();
    if (!events.ok()) co_return events.status();
    if (events->empty()) co_return absl::OkStatus();
    for (const StoredEvent& stored : *events) {
      pb::WatchCallResponse response;
      FillCallEvent(stored.event, *response.mutable_event());
      response.set_cursor(std::to_string(stored.position));
      if (absl::Status sent = co_await writer.Write(response); !sent.ok()) co_return sent;
    }
  }
}

Task<absl::Status> GrpcService::GetTranscript(const rpc::CallContext&,
                                              const pb::GetTranscriptRequest& request,
                                              pb::GetTranscriptResponse& response) {
  auto owned = ParseOwned<CallId>(request.tenant_id(), request.call_id());
  if (!owned.ok()) co_return owned.status();
  absl::StatusOr<Transcript> transcript =
      co_await call_log_.GetTranscript(owned->tenant, owned->id);
  if (!transcript.ok()) co_return transcript.status();
  FillTranscript(*transcript, response);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::ReadRecording(const rpc::CallContext&,
                                              const pb::ReadRecordingRequest& request,
                                              rpc::Writer<pb::ReadRecordingResponse>& writer) {
  auto owned = ParseOwned<CallId>(request.tenant_id(), request.call_id());
  if (!owned.ok()) co_return owned.status();
  absl::StatusOr<std::string> file = co_await call_log_.FindRecording(owned->tenant, owned->id);
  if (!file.ok()) co_return file.status();
  int64_t offset = 0;
  while (true) {
    absl::StatusOr<std::string> piece = call_log_.ReadRecording(*file, offset);
    if (!piece.ok()) co_return piece.status();
    if (piece->empty()) co_return absl::OkStatus();
    offset += static_cast<int64_t>(piece->size());
    pb::ReadRecordingResponse response;
    response.set_data(*std::move(piece));
    if (absl::Status sent = co_await writer.Write(response); !sent.ok()) co_return sent;
  }
}

}  // namespace latchkey::orchestrator
