#include "services/orchestrator/adapters/grpc_tenant_events.h"

#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "services/orchestrator/adapters/time_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr int kPageMax = 100;

absl::StatusOr<TenantEvent> ParseEvent(const v1::Event& message) {
  absl::StatusOr<EventId> id = EventId::Parse(message.event_id());
  if (!id.ok()) return Malformed("event_id is not the id of an event.");
  absl::StatusOr<TenantId> tenant = TenantId::Parse(message.tenant_id());
  if (!tenant.ok()) return Malformed("tenant_id is not the id of a tenant.");
  if (!message.has_event_time() || !IsTime(message.event_time())) {
    return Malformed("event_time is missing, or not of the years 1 to 9999.");
  }
  TenantEvent event;
  event.id = *std::move(id);
  event.tenant = *std::move(tenant);
  event.kind = message.kind();
  event.time = ToTime(message.event_time());
  event.message = message.message();
  for (const auto& [name, value] : message.details()) event.details.emplace(name, value);
  return event;
}

void FillEvent(const TenantEvent& event, v1::Event& message) {
  message.set_event_id(event.id.text());
  message.set_tenant_id(event.tenant.text());
  message.set_kind(event.kind);
  FillTime(event.time, *message.mutable_event_time());
  message.set_message(event.message);
  for (const auto& [name, value] : event.details) (*message.mutable_details())[name] = value;
  message.set_source(event.source);
}

absl::StatusOr<std::optional<int64_t>> ParsePageToken(const std::string& token) {
  if (token.empty()) return std::nullopt;
  int64_t position = 0;
  if (absl::SimpleAtoi(token, &position) && position > 0) return position;
  return Malformed("page_token is one of this method's own, or empty.");
}

}  // namespace

Task<absl::Status> GrpcTenantEvents::RecordEvent(const rpc::CallContext& context,
                                                 const v1::RecordEventRequest& request,
                                                 v1::RecordEventResponse&) {
  absl::StatusOr<TenantEvent> event = ParseEvent(request.event());
  if (!event.ok()) co_return event.status();
  event->source = context.caller().service;
  co_return co_await events_.Record(*event);
}

Task<absl::Status> GrpcTenantEvents::ListEvents(const rpc::CallContext&,
                                                const v1::ListEventsRequest& request,
                                                v1::ListEventsResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return Malformed("tenant_id is not the id of a tenant.");
  absl::StatusOr<std::optional<int64_t>> before = ParsePageToken(request.page_token());
  if (!before.ok()) co_return before.status();
  const int limit = request.page_size() <= 0 ? kPageMax : std::min(request.page_size(), kPageMax);
  absl::StatusOr<TenantEventPage> page = co_await events_.List(*tenant, *before, limit);
  if (!page.ok()) co_return page.status();
  for (const TenantEvent& event : page->events) FillEvent(event, *response.add_events());
  if (page->next.has_value()) response.set_next_page_token(std::to_string(*page->next));
  co_return absl::OkStatus();
}

}  // namespace latchkey::orchestrator
