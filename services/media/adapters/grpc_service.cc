#include "services/media/adapters/grpc_service.h"

#include "lib/base/e164.h"
#include "lib/base/error.h"
#include "lib/base/id.h"
#include "services/media/adapters/convert.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

absl::Status Malformed(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest, message);
}

bool Complete(const type::v1::SignedTicket& ticket) {
  return !ticket.ticket().empty() && !ticket.signature().empty();
}

Ticket ToTicket(const type::v1::SignedTicket& ticket) {
  return {.bytes = ticket.ticket(), .signature = ticket.signature()};
}

}  // namespace

Task<absl::Status> GrpcService::StartCall(const rpc::CallContext&,
                                          const v1::StartCallRequest& request,
                                          v1::StartCallResponse& response) {
  absl::StatusOr<CallSpec> spec = ParseSpec(request.spec());
  if (!spec.ok()) co_return spec.status();
  if (!Complete(request.ticket())) co_return Malformed("The request has no ticket.");
  absl::StatusOr<std::string> token =
      switchboard_.Start(*std::move(spec), ToTicket(request.ticket()));
  if (!token.ok()) co_return token.status();
  if (!token->empty()) response.set_stream_url(StreamUrl(addresses_, *token));
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::ConfigureNumber(const rpc::CallContext&,
                                                const v1::ConfigureNumberRequest& request,
                                                v1::ConfigureNumberResponse&) {
  if (!CallId::Parse(request.call_id()).ok()) co_return Malformed("This is no call id.");
  if (request.carrier() != type::v1::PROVIDER_TWILIO) {
    co_return Malformed("Numbers of this carrier are not configured by us.");
  }
  absl::StatusOr<E164> e164 = E164::Parse(request.e164());
  if (!e164.ok()) co_return Malformed("The number is not E.164.");
  if (!Complete(request.ticket())) co_return Malformed("The request has no ticket.");
  const Ticket ticket = ToTicket(request.ticket());
  co_return co_await setup_.Configure(request.call_id(), e164->text(), ticket);
}

Task<absl::Status> GrpcService::EndCall(const rpc::CallContext&, const v1::EndCallRequest& request,
                                        v1::EndCallResponse&) {
  co_return switchboard_.End(request.call_id(), request.reason());
}

Task<absl::Status> GrpcService::SettleCall(const rpc::CallContext&,
                                           const v1::SettleCallRequest& request,
                                           v1::SettleCallResponse&) {
  if (!CallId::Parse(request.call_id()).ok()) co_return Malformed("This is no call id.");
  if (!Complete(request.ticket())) co_return Malformed("The request has no ticket.");
  const LostCall call{.call_id = request.call_id(),
                      .carrier_call_id = request.carrier_call_id(),
                      .from = request.from(),
                      .to = request.to(),
                      .placed_after = ToTime(request.placed_after())};
  const Ticket ticket = ToTicket(request.ticket());
  co_return co_await settler_.Settle(call, request.tenant_id(), ticket);
}

}  // namespace latchkey::media
