#include "services/keyvault/adapters/grpc_signing.h"

#include <utility>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

absl::Status BadTenant() {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest,
               "tenant_id is not the id of a tenant.");
}

}  // namespace

Task<absl::Status> GrpcSigning::SetSigningSecret(const rpc::CallContext& context,
                                                 const v1::SetSigningSecretRequest& request,
                                                 v1::SetSigningSecretResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return BadTenant();
  const NewSigningSecret wanted(request.request_id(), *std::move(tenant), request.intake_key_id(),
                                request.sealed());
  const Actor actor(context.caller().SpiffeId());
  absl::StatusOr<int> version = co_await secrets_.Set(wanted, actor);
  if (!version.ok()) co_return version.status();
  response.set_version(*version);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcSigning::Sign(const rpc::CallContext&, const v1::SignRequest& request,
                                     v1::SignResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return BadTenant();
  absl::StatusOr<Signatures> signatures = co_await secrets_.Sign(*tenant, request.message());
  if (!signatures.ok()) co_return signatures.status();
  response.set_mac(std::move(signatures->current));
  response.set_previous_mac(std::move(signatures->previous));
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
