#include "services/orchestrator/adapters/grpc_key_catalogue.h"

#include "lib/base/error.h"
#include "services/orchestrator/adapters/time_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

namespace kv = ::latchkey::keyvault::v1;

constexpr absl::Duration kDeadline = absl::Seconds(2);
// A tenant has one key for each of six providers, and some for its numbers.
constexpr int kPagesMax = 20;

absl::Status Unreachable() {
  return Error(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable,
               "The states of the keys are not known now. Try again in a moment.");
}

void AddTenantKeys(const kv::ListKeysResponse& page, std::vector<SavedKey>& keys) {
  for (const kv::Key& key : page.keys()) {
    absl::StatusOr<Provider> provider = provider::ParseProvider(static_cast<int>(key.provider()));
    if (!provider.ok() || !key.scope().number_id().empty()) continue;
    keys.push_back({*provider, key.status() == kv::KEY_STATUS_VALID, key.preview(),
                    ToTime(key.validate_time())});
  }
}

}  // namespace

Task<absl::StatusOr<std::vector<SavedKey>>> GrpcKeyCatalogue::List(const TenantId& tenant) {
  std::vector<SavedKey> keys;
  kv::ListKeysRequest request;
  request.set_tenant_id(tenant.text());
  const rpc::CallOptions options(kDeadline, "", tenant.text());
  for (int i = 0; i < kPagesMax; ++i) {
    absl::StatusOr<kv::ListKeysResponse> page =
        co_await rpc::Call(keyvault_, &kv::KeyVault::Stub::PrepareAsyncListKeys, request, options);
    // Whatever the reason is, the states are not known; keyvault has logged it.
    if (!page.ok()) co_return Unreachable();
    AddTenantKeys(*page, keys);
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  co_return keys;
}

}  // namespace latchkey::orchestrator
