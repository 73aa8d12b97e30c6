#include "services/dialer/adapters/grpc_service.h"

#include "lib/provider/catalogue.h"
#include "services/dialer/adapters/convert.h"

namespace latchkey::dialer {

Task<absl::Status> GrpcService::PlaceCall(const rpc::CallContext&,
                                          const v1::PlaceCallRequest& request,
                                          v1::PlaceCallResponse& response) {
  absl::StatusOr<Order> order = ParseOrder(request);
  if (!order.ok()) co_return order.status();
  absl::StatusOr<Call> call = co_await placing_.Place(*order);
  if (!call.ok()) co_return call.status();
  FillCall(*call, *response.mutable_call());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::AdmitInbound(const rpc::CallContext& context,
                                             const v1::AdmitInboundRequest& request,
                                             v1::AdmitInboundResponse& response) {
  absl::StatusOr<InboundAsk> ask = ParseInboundAsk(context.caller().instance, request);
  if (!ask.ok()) co_return ask.status();
  absl::StatusOr<InboundAnswer> answer = co_await admitting_.Admit(*ask);
  if (!answer.ok()) co_return answer.status();
  FillAnswer(*answer, response);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::ConfigureNumber(const rpc::CallContext&,
                                                const v1::ConfigureNumberRequest& request,
                                                v1::ConfigureNumberResponse&) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<NumberId> number = NumberId::Parse(request.number_id());
  if (!number.ok()) co_return number.status();
  co_return co_await configuring_.Configure(*tenant, *number);
}

Task<absl::Status> GrpcService::Heartbeat(const rpc::CallContext& context,
                                          const v1::HeartbeatRequest& request,
                                          v1::HeartbeatResponse&) {
  absl::StatusOr<MediaInstance> instance =
      ParseInstance(context.caller().instance, request, clock_.Now());
  if (!instance.ok()) co_return instance.status();
  co_return co_await fleet_.Beat(*instance);
}

Task<absl::Status> GrpcService::ReportCarrierEvent(const rpc::CallContext& context,
                                                   const v1::ReportCarrierEventRequest& request,
                                                   v1::ReportCarrierEventResponse& response) {
  absl::StatusOr<Provider> carrier = provider::ParseProvider(static_cast<int>(request.carrier()));
  if (!carrier.ok()) co_return carrier.status();
  absl::StatusOr<CarrierRequest> callback = ParseCarrierRequest(request);
  if (!callback.ok()) co_return callback.status();
  const std::string& reporter = context.caller().instance;
  absl::StatusOr<Call> call = absl::UnknownError("not asked yet");
  if (request.call_id().empty()) {
    call = co_await live_.TakeInboundEvent(reporter, *carrier, *callback);
  } else {
    absl::StatusOr<CallId> id = CallId::Parse(request.call_id());
    if (!id.ok()) co_return id.status();
    call = co_await live_.TakeCarrierEvent(*id, *carrier, *callback);
  }
  if (!call.ok()) co_return call.status();
  response.set_call_id(call->id.text());
  response.set_state(StateMessage(call->state));
  response.set_media_instance(call->media_instance);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::ReportProgress(const rpc::CallContext& context,
                                               const v1::ReportProgressRequest& request,
                                               v1::ReportProgressResponse& response) {
  absl::StatusOr<CallId> id = CallId::Parse(request.call_id());
  if (!id.ok()) co_return id.status();
  absl::StatusOr<Progress> progress = ParseProgress(request);
  if (!progress.ok()) co_return progress.status();
  absl::StatusOr<Call> call = co_await live_.Report(context.caller().instance, *id, *progress);
  if (!call.ok()) co_return call.status();
  response.set_ended(call->state == CallState::kEnded);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::CompleteCall(const rpc::CallContext& context,
                                             const v1::CompleteCallRequest& request,
                                             v1::CompleteCallResponse& response) {
  absl::StatusOr<CallId> id = CallId::Parse(request.call_id());
  if (!id.ok()) co_return id.status();
  absl::StatusOr<Outcome> outcome = ParseOutcome(request);
  if (!outcome.ok()) co_return outcome.status();
  absl::StatusOr<Call> call = co_await live_.Complete(context.caller().instance, *id, *outcome);
  if (!call.ok()) co_return call.status();
  FillCall(*call, *response.mutable_call());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::EndCall(const rpc::CallContext&, const v1::EndCallRequest& request,
                                        v1::EndCallResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<CallId> id = CallId::Parse(request.call_id());
  if (!id.ok()) co_return id.status();
  absl::StatusOr<Call> call = co_await live_.End(*tenant, *id);
  if (!call.ok()) co_return call.status();
  FillCall(*call, *response.mutable_call());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::GetCall(const rpc::CallContext&, const v1::GetCallRequest& request,
                                        v1::GetCallResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<CallId> id = CallId::Parse(request.call_id());
  if (!id.ok()) co_return id.status();
  absl::StatusOr<Call> call = co_await live_.Get(*tenant, *id);
  if (!call.ok()) co_return call.status();
  FillCall(*call, *response.mutable_call());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::ListCalls(const rpc::CallContext&,
                                          const v1::ListCallsRequest& request,
                                          v1::ListCallsResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<std::optional<CallCursor>> after = ParseCursor(request.page_token());
  if (!after.ok()) co_return after.status();
  const int limit = PageSize(request.page_size());
  absl::StatusOr<CallPage> page = co_await live_.List(*tenant, *after, limit);
  if (!page.ok()) co_return page.status();
  FillPage(*page, response);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::AddDnc(const rpc::CallContext&, const v1::AddDncRequest& request,
                                       v1::AddDncResponse&) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<E164> number = E164::Parse(request.e164());
  if (!number.ok()) co_return number.status();
  co_return co_await dnc_.Add(*tenant, *number);
}

Task<absl::Status> GrpcService::RemoveDnc(const rpc::CallContext&,
                                          const v1::RemoveDncRequest& request,
                                          v1::RemoveDncResponse&) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return tenant.status();
  absl::StatusOr<E164> number = E164::Parse(request.e164());
  if (!number.ok()) co_return number.status();
  co_return co_await dnc_.Remove(*tenant, *number);
}

}  // namespace latchkey::dialer
