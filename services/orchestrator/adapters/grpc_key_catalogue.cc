#include "services/orchestrator/adapters/grpc_key_catalogue.h"

#include "lib/base/error.h"
#include "services/orchestrator/adapters/time_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

namespace kv = ::latchkey::keyvault::v1;

constexpr absl::Duration kDeadline = absl::Seconds(2);
// 100 keys a page: more numbers with keys of their own than a tenant may have.
constexpr int kPagesMax = 20;

absl::Status Unreachable() {
  return Error(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable,
               "The states of the keys are not known now. Try again in a moment.");
}

}  // namespace

Task<absl::StatusOr<std::vector<kv::Key>>> GrpcKeyCatalogue::ListAll(const TenantId& tenant) {
  std::vector<kv::Key> keys;
  kv::ListKeysRequest request;
  request.set_tenant_id(tenant.text());
  const rpc::CallOptions options(kDeadline, "", tenant.text());
  for (int i = 0; i < kPagesMax; ++i) {
    absl::StatusOr<kv::ListKeysResponse> page =
        co_await rpc::Call(keyvault_, &kv::KeyVault::Stub::PrepareAsyncListKeys, request, options);
    // Whatever the reason is, the states are not known; keyvault has logged it.
    if (!page.ok()) co_return Unreachable();
    keys.insert(keys.end(), page->keys().begin(), page->keys().end());
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  co_return keys;
}

Task<absl::StatusOr<std::vector<SavedKey>>> GrpcKeyCatalogue::List(const TenantId& tenant) {
  absl::StatusOr<std::vector<kv::Key>> all = co_await ListAll(tenant);
  if (!all.ok()) co_return all.status();
  std::vector<SavedKey> keys;
  for (const kv::Key& key : *all) {
    absl::StatusOr<Provider> provider = provider::ParseProvider(static_cast<int>(key.provider()));
    if (!provider.ok() || !key.scope().number_id().empty()) continue;
    keys.push_back({*provider, key.status() != kv::KEY_STATUS_INVALID, key.preview(),
                    ToTime(key.validate_time())});
  }
  co_return keys;
}

Task<absl::StatusOr<std::map<NumberId, std::string>>> GrpcKeyCatalogue::ListNumberKeys(
    const TenantId& tenant) {
  absl::StatusOr<std::vector<kv::Key>> all = co_await ListAll(tenant);
  if (!all.ok()) co_return all.status();
  std::map<NumberId, std::string> previews;
  for (const kv::Key& key : *all) {
    absl::StatusOr<NumberId> number = NumberId::Parse(key.scope().number_id());
    if (!number.ok() || key.provider() != type::v1::PROVIDER_OPENAI) continue;
    previews.emplace(*std::move(number), key.preview());
  }
  co_return previews;
}

}  // namespace latchkey::orchestrator
