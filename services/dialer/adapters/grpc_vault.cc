#include "services/dialer/adapters/grpc_vault.h"

#include "services/dialer/adapters/peer_failure.h"
#include "services/dialer/adapters/scope.h"

namespace latchkey::dialer {
namespace {

using Stub = keyvault::v1::KeyVault::Stub;

// 100 keys a page: more numbers with keys of their own than a tenant may have.
constexpr int kPagesMax = 20;

// Skips what a younger keyvault may know and we do not.
void ReadKeys(const keyvault::v1::ListKeysResponse& page, std::vector<KeyFacts>& keys) {
  for (const keyvault::v1::Key& message : page.keys()) {
    absl::StatusOr<Provider> provider =
        provider::ParseProvider(static_cast<int>(message.provider()));
    absl::StatusOr<TenantId> tenant = TenantId::Parse(message.scope().tenant_id());
    if (!provider.ok() || !tenant.ok()) continue;
    KeyFacts facts;
    facts.provider = *provider;
    facts.scope.tenant = *std::move(tenant);
    if (!message.scope().number_id().empty()) {
      absl::StatusOr<NumberId> number = NumberId::Parse(message.scope().number_id());
      if (!number.ok()) continue;
      facts.scope.number = *std::move(number);
    }
    // Trouble of the provider's own keeps nobody from calling.
    facts.valid = message.status() != keyvault::v1::KEY_STATUS_INVALID;
    facts.exhausted = message.status() == keyvault::v1::KEY_STATUS_EXHAUSTED;
    facts.call_ceiling = message.facts().call_ceiling();
    keys.push_back(std::move(facts));
  }
}

}  // namespace

Task<absl::StatusOr<std::vector<KeyFacts>>> GrpcVault::ListKeys(const TenantId& tenant) {
  const rpc::CallOptions options(kLookupDeadline, "", tenant.text());
  keyvault::v1::ListKeysRequest request;
  request.set_tenant_id(tenant.text());
  std::vector<KeyFacts> keys;
  for (int page = 0; page < kPagesMax; ++page) {
    absl::StatusOr<keyvault::v1::ListKeysResponse> response =
        co_await rpc::Call(keyvault_, &Stub::PrepareAsyncListKeys, request, options);
    if (!response.ok()) co_return PeerFailure(response.status(), "keyvault");
    ReadKeys(*response, keys);
    if (response->next_page_token().empty()) break;
    request.set_page_token(response->next_page_token());
  }
  co_return keys;
}

Task<absl::StatusOr<bool>> GrpcVault::Verify(const KeyScope& scope, Provider carrier,
                                             const CarrierRequest& request) {
  keyvault::v1::VerifyCarrierSignatureRequest message;
  FillScope(scope, *message.mutable_scope());
  message.set_provider(static_cast<type::v1::Provider>(carrier));
  message.set_url(request.url);
  for (const auto& [name, value] : request.parameters) {
    keyvault::v1::FormParameter& parameter = *message.add_parameters();
    parameter.set_name(name);
    parameter.set_value(value);
  }
  message.set_signature(request.signature);
  const rpc::CallOptions options(kLookupDeadline, "", scope.tenant.text());
  absl::StatusOr<keyvault::v1::VerifyCarrierSignatureResponse> response =
      co_await rpc::Call(keyvault_, &Stub::PrepareAsyncVerifyCarrierSignature, message, options);
  if (absl::IsNotFound(response.status())) co_return false;
  if (!response.ok()) co_return PeerFailure(response.status(), "keyvault");
  co_return response->genuine();
}

}  // namespace latchkey::dialer
