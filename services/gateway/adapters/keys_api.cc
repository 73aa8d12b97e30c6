#include "services/gateway/adapters/keys_api.h"

#include <boost/json/array.hpp>

#include "lib/base/error.h"
#include "lib/base/id.h"
#include "services/gateway/adapters/json_values.h"
#include "services/gateway/adapters/json_views.h"
#include "services/gateway/adapters/live_calls.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
using keyvault::v1::KeyVault;

// A probe waits for the provider: its own limits are shorter.
constexpr absl::Duration kProbeLimit = absl::Seconds(25);
constexpr absl::Duration kCallLimit = absl::Seconds(5);

rpc::CallOptions Options(const ApiRequest& request, absl::Duration limit) {
  return rpc::CallOptions(limit, "", request.tenant.tenant_id());
}

KeyOwner OwnerOf(const ApiRequest& request, type::v1::Provider provider) {
  return {request.tenant.tenant_id(), "", static_cast<provider::Provider>(provider)};
}

}  // namespace

Task<absl::StatusOr<Reply>> KeysApi::List(const ApiRequest& request) {
  keyvault::v1::ListKeysRequest list;
  list.set_tenant_id(request.tenant.tenant_id());
  const rpc::CallOptions options = Options(request, kCallLimit);
  json::array keys;
  do {
    absl::StatusOr<keyvault::v1::ListKeysResponse> page =
        co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncListKeys, list, options);
    if (!page.ok()) co_return page.status();
    for (const keyvault::v1::Key& key : page->keys()) keys.push_back(KeyView(key));
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  Reply reply;
  reply.body["keys"] = std::move(keys);
  co_return reply;
}

Task<absl::StatusOr<Reply>> KeysApi::Test(ApiRequest& request) {
  const absl::StatusOr<type::v1::Provider> provider = ParseProvider(request.parameters[0]);
  if (!provider.ok()) co_return provider.status();
  KeyOwner owner = OwnerOf(request, *provider);
  absl::StatusOr<keyvault::v1::Candidate> candidate =
      co_await sealer_.Seal(std::move(request.key_body), std::move(owner));
  if (!candidate.ok()) co_return candidate.status();
  keyvault::v1::TestKeyRequest test;
  test.mutable_scope()->set_tenant_id(request.tenant.tenant_id());
  test.set_provider(*provider);
  *test.mutable_candidate() = *std::move(candidate);
  const rpc::CallOptions options = Options(request, kProbeLimit);
  absl::StatusOr<keyvault::v1::TestKeyResponse> tested =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncTestKey, test, options);
  if (!tested.ok()) co_return tested.status();
  Reply reply;
  reply.body = {{"ok", true},
                {"facts", FactsView(tested->facts())},
                {"warnings", Sentences(tested->warnings())}};
  co_return reply;
}

Task<absl::StatusOr<Reply>> KeysApi::Put(ApiRequest& request) {
  const absl::StatusOr<type::v1::Provider> provider = ParseProvider(request.parameters[0]);
  if (!provider.ok()) co_return provider.status();
  KeyOwner owner = OwnerOf(request, *provider);
  absl::StatusOr<keyvault::v1::Candidate> candidate =
      co_await sealer_.Seal(std::move(request.key_body), std::move(owner));
  if (!candidate.ok()) co_return candidate.status();
  keyvault::v1::PutKeyRequest put;
  // Without an Idempotency-Key a repetition is a save of its own, which does no harm.
  put.set_request_id(request.idempotency_key.empty() ? MakeIdText("req_", random_)
                                                     : request.idempotency_key);
  put.mutable_scope()->set_tenant_id(request.tenant.tenant_id());
  put.set_provider(*provider);
  *put.mutable_candidate() = *std::move(candidate);
  const rpc::CallOptions options = Options(request, kProbeLimit);
  absl::StatusOr<keyvault::v1::PutKeyResponse> saved =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncPutKey, put, options);
  if (!saved.ok()) co_return saved.status();
  Reply reply;
  reply.body = {
      {"ok", true}, {"key", KeyView(saved->key())}, {"warnings", Sentences(saved->warnings())}};
  co_return reply;
}

Task<absl::StatusOr<Reply>> KeysApi::Delete(const ApiRequest& request) {
  const absl::StatusOr<type::v1::Provider> provider = ParseProvider(request.parameters[0]);
  if (!provider.ok()) co_return provider.status();
  keyvault::v1::DeleteKeyRequest remove;
  remove.mutable_scope()->set_tenant_id(request.tenant.tenant_id());
  remove.set_provider(*provider);
  const absl::StatusOr<keyvault::v1::LiveCalls> live_calls = ParseLiveCalls(request);
  if (!live_calls.ok()) co_return live_calls.status();
  remove.set_live_calls(*live_calls);
  const rpc::CallOptions options = Options(request, kCallLimit);
  absl::StatusOr<keyvault::v1::DeleteKeyResponse> removed =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncDeleteKey, remove, options);
  if (!removed.ok()) co_return removed.status();
  Reply reply;
  reply.body = {{"ok", true}, {"endedLeases", removed->revoked_count()}};
  co_return reply;
}

Task<absl::StatusOr<Reply>> KeysApi::ListUses(const ApiRequest& request) {
  const absl::StatusOr<type::v1::Provider> provider = ParseProvider(request.parameters[0]);
  if (!provider.ok()) co_return provider.status();
  const absl::StatusOr<int32_t> page_size = IntegerParameter(request, "pageSize");
  if (!page_size.ok()) co_return page_size.status();
  keyvault::v1::ListAuditRequest list;
  list.set_tenant_id(request.tenant.tenant_id());
  list.set_provider(*provider);
  list.set_page_size(*page_size);
  const auto token = request.query.find("pageToken");
  if (token != request.query.end()) list.set_page_token(token->second);
  const rpc::CallOptions options = Options(request, kCallLimit);
  absl::StatusOr<keyvault::v1::ListAuditResponse> page =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncListAudit, list, options);
  if (!page.ok()) co_return page.status();
  json::array uses;
  for (const keyvault::v1::AuditEntry& entry : page->entries()) uses.push_back(KeyUseView(entry));
  Reply reply;
  reply.body = {{"uses", std::move(uses)}, {"nextPageToken", page->next_page_token()}};
  co_return reply;
}

Task<absl::StatusOr<Reply>> KeysApi::Revalidate(const ApiRequest& request) {
  const absl::StatusOr<type::v1::Provider> provider = ParseProvider(request.parameters[0]);
  if (!provider.ok()) co_return provider.status();
  keyvault::v1::RevalidateRequest revalidate;
  revalidate.mutable_scope()->set_tenant_id(request.tenant.tenant_id());
  revalidate.set_provider(*provider);
  const rpc::CallOptions options = Options(request, kProbeLimit);
  absl::StatusOr<keyvault::v1::RevalidateResponse> checked =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncRevalidate, revalidate, options);
  if (!checked.ok()) co_return checked.status();
  Reply reply;
  reply.body = {{"key", KeyView(checked->key())}};
  co_return reply;
}

}  // namespace latchkey::gateway
