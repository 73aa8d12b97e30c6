#include "tests/support/keyvault/fake_root_key_store.h"

#include <map>

#include "lib/base/error.h"
#include "lib/secret/blob.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

std::string RootOf(const std::string& wrapped) { return secret::Blob::Parse(wrapped)->key_id; }

}  // namespace

Task<absl::StatusOr<std::vector<RootKeyRows>>> FakeRootKeyStore::CountByRootKey() {
  if (!failure.ok()) co_return failure;
  std::map<std::string, int64_t> counts;
  for (const auto& [tenant, wrapped] : keys_.tenant_keys()) ++counts[RootOf(wrapped)];
  std::vector<RootKeyRows> rows;
  for (const auto& [id, count] : counts) rows.push_back({id, count});
  co_return rows;
}

Task<absl::StatusOr<std::vector<WrappedKey>>> FakeRootKeyStore::ListForeign(
    const std::string& current, const std::string& after, int limit) {
  if (!failure.ok()) co_return failure;
  std::vector<WrappedKey> keys;
  for (const auto& [tenant, wrapped] : keys_.tenant_keys()) {
    if (tenant <= after || RootOf(wrapped) == current) continue;
    if (keys.size() == static_cast<size_t>(limit)) break;
    keys.emplace_back(*TenantId::Parse(tenant), wrapped);
  }
  co_return keys;
}

Task<absl::StatusOr<bool>> FakeRootKeyStore::Replace(const WrappedKey& old,
                                                     const std::string& fresh, const Actor& actor) {
  if (!failure.ok()) co_return failure;
  if (replaces_to_fail > 0) {
    --replaces_to_fail;
    co_return Error(absl::StatusCode::kUnavailable, "postgres_unavailable", "Postgres is away.");
  }
  const auto found = keys_.tenant_keys().find(old.tenant.text());
  if (found == keys_.tenant_keys().end() || found->second != old.blob) co_return false;
  if (keys_.retired_root_keys_.contains(RootOf(fresh))) {
    co_return Error(absl::StatusCode::kFailedPrecondition, reason::kRootKeyRetired, "Retired.");
  }
  found->second = fresh;
  ++replaced;
  keys_.audit.emplace_back(AuditAction::kRewrap, AuditOutcome::kDone, actor, old.tenant);
  co_return true;
}

Task<absl::StatusOr<int64_t>> FakeRootKeyStore::Retire(const std::string& root_key_id,
                                                       const Actor& actor) {
  if (!failure.ok()) co_return failure;
  int64_t rows = 0;
  for (const auto& [tenant, wrapped] : keys_.tenant_keys()) rows += RootOf(wrapped) == root_key_id;
  if (rows > 0) co_return rows;
  if (keys_.retired_root_keys_.insert(root_key_id).second) {
    keys_.audit.emplace_back(AuditAction::kRetire, AuditOutcome::kDone, actor, PlatformTenant());
  }
  co_return 0;
}

Task<absl::StatusOr<bool>> FakeRootKeyStore::IsRetired(const std::string& root_key_id) {
  if (!failure.ok()) co_return failure;
  co_return keys_.retired_root_keys_.contains(root_key_id);
}

Task<absl::StatusOr<Shredded>> FakeRootKeyStore::Shred(const TenantId& tenant, const Actor& actor) {
  if (!failure.ok()) co_return failure;
  if (!keys_.tenant_keys().contains(tenant.text())) {
    co_return Error(absl::StatusCode::kNotFound, reason::kTenantNotFound, "No such tenant.");
  }
  Shredded shredded;
  shredded.revoked_leases =
      revocations_.RevokeNow(tenant, RevocationReason::kTenantShredded, actor);
  shredded.keys = keys_.DropTenant(tenant);
  keys_.audit.emplace_back(AuditAction::kShred, AuditOutcome::kDone, actor, tenant);
  co_return shredded;
}

}  // namespace latchkey::keyvault
