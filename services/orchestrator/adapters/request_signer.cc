#include "services/orchestrator/adapters/request_signer.h"

#include "lib/base/error.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

namespace kv = ::latchkey::keyvault::v1;

constexpr absl::Duration kDeadline = absl::Seconds(2);

}  // namespace

Task<absl::StatusOr<std::vector<std::string>>> KeyvaultSigner::Sign(const TenantId& tenant,
                                                                    const std::string& message) {
  kv::SignRequest request;
  request.set_tenant_id(tenant.text());
  request.set_message(message);
  const rpc::CallOptions options(kDeadline, "", tenant.text());
  absl::StatusOr<kv::SignResponse> response =
      co_await rpc::Call(keyvault_, &kv::KeyVault::Stub::PrepareAsyncSign, request, options);
  if (response.ok()) {
    std::vector<std::string> macs = {response->mac()};
    if (!response->previous_mac().empty()) macs.push_back(response->previous_mac());
    co_return macs;
  }
  if (Reason(response.status()) == reasons::kSigningSecretMissing) co_return response.status();
  co_return Error(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable,
                  "The request could not be signed now. Try again in a moment.");
}

}  // namespace latchkey::orchestrator
