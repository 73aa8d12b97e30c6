#include "services/dialer/adapters/grpc_billing.h"

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/dialer/adapters/billing_mode.h"
#include "services/dialer/adapters/peer_failure.h"

namespace latchkey::dialer {
namespace {

using Stub = billing::v1::Billing::Stub;

}  // namespace

Task<absl::StatusOr<Rate>> GrpcBilling::Authorize(const Tenant& tenant, BillingMode mode) {
  billing::v1::AuthorizeRequest request;
  request.set_tenant_id(tenant.id.text());
  request.set_plan(tenant.plan);
  request.set_mode(ToMode(mode));
  request.set_currency_code(tenant.currency);
  const rpc::CallOptions options(kLookupDeadline, "", tenant.id.text());
  absl::StatusOr<billing::v1::AuthorizeResponse> response =
      co_await rpc::Call(billing_, &Stub::PrepareAsyncAuthorize, request, options);
  if (!response.ok()) co_return PeerFailure(response.status(), "billing");
  Rate rate;
  rate.rate_id = response->rate().rate_id();
  rate.per_minute = Money{.currency = response->rate().per_minute().currency_code(),
                          .micros = response->rate().per_minute().micros()};
  rate.increment_s = response->rate().increment_duration().seconds();
  co_return rate;
}

Task<absl::Status> GrpcBilling::Deliver(const pg::OutboxMessage& message) {
  billing::v1::RecordUsageRequest request;
  if (!request.ParseFromString(message.payload)) {
    co_return Error(absl::StatusCode::kInternal, reasons::kMalformedOutboxMessage,
                    "The outbox holds a message that is no usage.");
  }
  const rpc::CallOptions options(kLookupDeadline, request.call_id(), request.tenant_id());
  absl::StatusOr<billing::v1::RecordUsageResponse> response =
      co_await rpc::Call(billing_, &Stub::PrepareAsyncRecordUsage, request, options);
  if (!response.ok() && !absl::IsUnavailable(response.status())) {
    log::Error("usage refused by billing",
               {{"call_id", request.call_id()}, {"status", response.status()}});
  }
  co_return response.status();
}

}  // namespace latchkey::dialer
