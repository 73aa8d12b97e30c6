#include "services/keyvault/adapters/postgres_root_key_store.h"

#include "lib/base/error.h"
#include "lib/secret/blob.h"
#include "services/keyvault/adapters/audit_rows.h"
#include "services/keyvault/adapters/key_rows.h"
#include "services/keyvault/adapters/revoke_leases.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kCount{
    "keyvault_root_key_count",
    "SELECT root_key_id, count(*) FROM tenant_keys GROUP BY root_key_id ORDER BY root_key_id"};
constexpr pg::Statement kListForeign{
    "keyvault_list_foreign",
    "SELECT tenant_id, wrapped_key FROM tenant_keys"
    "  WHERE root_key_id <> $1 AND tenant_id > $2 ORDER BY tenant_id LIMIT $3"};
constexpr pg::Statement kReplace{
    "keyvault_replace_tenant_key",
    "UPDATE tenant_keys SET wrapped_key = $3, root_key_id = $4"
    "  WHERE tenant_id = $1 AND wrapped_key = $2"
    "    AND NOT EXISTS (SELECT FROM retired_root_keys WHERE root_key_id = $4)"};
// Waits for those who write a row just now, and lets nobody begin: what is counted holds until the
// commit. Readers, and so leases, go on.
constexpr pg::Statement kLockTenantKeys{"keyvault_lock_tenant_keys",
                                        "LOCK TABLE tenant_keys IN SHARE MODE"};
constexpr pg::Statement kNeeded{"keyvault_root_key_needed",
                                "SELECT count(*) FROM tenant_keys WHERE root_key_id = $1"};
constexpr pg::Statement kRetire{
    "keyvault_retire_root_key",
    "INSERT INTO retired_root_keys (root_key_id) VALUES ($1) ON CONFLICT DO NOTHING"};
constexpr pg::Statement kIsRetired{
    "keyvault_is_retired", "SELECT EXISTS (SELECT FROM retired_root_keys WHERE root_key_id = $1)"};
// Waits for saves of the tenant that are under way; later ones find that the row is gone.
constexpr pg::Statement kLockTenant{"keyvault_shred_lock",
                                    "SELECT FROM tenant_keys WHERE tenant_id = $1 FOR UPDATE"};
constexpr pg::Statement kShredKeys{"keyvault_shred_keys", "DELETE FROM keys WHERE tenant_id = $1"};
constexpr pg::Statement kShredRequests{"keyvault_shred_requests",
                                       "DELETE FROM saved_requests WHERE tenant_id = $1"};
constexpr pg::Statement kShredTenant{"keyvault_shred_tenant",
                                     "DELETE FROM tenant_keys WHERE tenant_id = $1"};

Task<absl::Status> AuditOne(pg::Transaction& transaction, const AuditChain& chain,
                            AuditAction action, const Actor& actor, TenantId tenant,
                            std::string root_key_id = "") {
  AuditRow row(action, AuditOutcome::kDone, actor, std::move(tenant));
  row.reason = std::move(root_key_id);
  const std::vector<AuditRow> rows = {std::move(row)};
  co_return co_await AppendAudit(transaction, chain, rows);
}

}  // namespace

Task<absl::StatusOr<std::vector<RootKeyRows>>> PostgresRootKeyStore::CountByRootKey() {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kCount, pg::Params());
  if (!rows.ok()) co_return rows.status();
  std::vector<RootKeyRows> counts;
  for (const pg::Row row : *rows) counts.push_back({row.Text(0), row.Int(1)});
  co_return counts;
}

Task<absl::StatusOr<std::vector<WrappedKey>>> PostgresRootKeyStore::ListForeign(
    const std::string& current, const std::string& after, int limit) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kListForeign, pg::Params(current, after, limit));
  if (!rows.ok()) co_return rows.status();
  std::vector<WrappedKey> keys;
  for (const pg::Row row : *rows) keys.emplace_back(ReadId<TenantId>(row.Text(0)), row.Bytes(1));
  co_return keys;
}

Task<absl::StatusOr<bool>> PostgresRootKeyStore::Replace(const WrappedKey& old,
                                                         const std::string& fresh,
                                                         const Actor& actor) {
  const absl::StatusOr<secret::Blob> blob = secret::Blob::Parse(fresh);
  if (!blob.ok()) co_return blob.status();
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> replaced = co_await transaction.Query(
      kReplace, pg::Params(old.tenant.text(), pg::Bytes(old.blob), pg::Bytes(fresh), blob->key_id));
  if (!replaced.ok()) co_return replaced.status();
  if (replaced->affected() == 0) {
    absl::StatusOr<pg::Rows> retired =
        co_await transaction.Query(kIsRetired, pg::Params(blob->key_id));
    if (!retired.ok()) co_return retired.status();
    if (!retired->front().Bool(0)) co_return false;
    co_return Error(absl::StatusCode::kFailedPrecondition, reason::kRootKeyRetired,
                    "The key ring's current root key was retired. Name another one current.");
  }
  absl::Status audited =
      co_await AuditOne(transaction, chain_, AuditAction::kRewrap, actor, old.tenant, blob->key_id);
  if (!audited.ok()) co_return audited;
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  co_return true;
}

Task<absl::StatusOr<int64_t>> PostgresRootKeyStore::Retire(const std::string& root_key_id,
                                                           const Actor& actor) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> locked = co_await transaction.Query(kLockTenantKeys, pg::Params());
  if (!locked.ok()) co_return locked.status();
  absl::StatusOr<pg::Rows> needed = co_await transaction.Query(kNeeded, pg::Params(root_key_id));
  if (!needed.ok()) co_return needed.status();
  if (needed->front().Int(0) > 0) co_return needed->front().Int(0);
  absl::StatusOr<pg::Rows> retired = co_await transaction.Query(kRetire, pg::Params(root_key_id));
  if (!retired.ok()) co_return retired.status();
  if (retired->affected() > 0) {
    absl::Status audited = co_await AuditOne(transaction, chain_, AuditAction::kRetire, actor,
                                             PlatformTenant(), root_key_id);
    if (!audited.ok()) co_return audited;
  }
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  co_return 0;
}

Task<absl::StatusOr<bool>> PostgresRootKeyStore::IsRetired(const std::string& root_key_id) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kIsRetired, pg::Params(root_key_id));
  if (!rows.ok()) co_return rows.status();
  co_return rows->front().Bool(0);
}

// The tenant's leases end first, in parts, while its key is still there: when keyvault is killed
// between two of them, the shredding was not done, and the same again does it.
Task<absl::StatusOr<Shredded>> PostgresRootKeyStore::Shred(const TenantId& tenant,
                                                           const Actor& actor) {
  const RevocationTarget target = tenant;
  int count = 0;
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<int> ended =
        co_await RevokeInParts(pool_, chain_, target, RevocationReason::kTenantShredded, actor);
    if (!ended.ok()) co_return ended.status();
    count += *ended;
    absl::StatusOr<Shredded> shredded = co_await ShredNow(tenant, actor);
    if (shredded.ok()) shredded->revoked_leases += count;
    const bool raced = absl::IsAborted(shredded.status()) && attempt < kRevokeAttemptsMax;
    if (!raced) co_return shredded;
  }
}

Task<absl::StatusOr<Shredded>> PostgresRootKeyStore::ShredNow(const TenantId& tenant,
                                                              const Actor& actor) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> locked =
      co_await transaction.Query(kLockTenant, pg::Params(tenant.text()));
  if (!locked.ok()) co_return locked.status();
  if (locked->empty()) {
    co_return Error(absl::StatusCode::kNotFound, reason::kTenantNotFound,
                    "The tenant has no key here; there is nothing to shred.");
  }
  Shredded shredded;
  for (const pg::Statement* step : {&kShredKeys, &kShredRequests, &kShredTenant}) {
    absl::StatusOr<pg::Rows> gone = co_await transaction.Query(*step, pg::Params(tenant.text()));
    if (!gone.ok()) co_return gone.status();
    if (step == &kShredKeys) shredded.keys = static_cast<int>(gone->affected());
  }
  const RevocationTarget target = tenant;
  absl::StatusOr<int> revoked =
      co_await RevokeRest(transaction, chain_, target, RevocationReason::kTenantShredded, actor);
  if (!revoked.ok()) co_return revoked.status();
  shredded.revoked_leases = *revoked;
  absl::Status audited = co_await AuditOne(transaction, chain_, AuditAction::kShred, actor, tenant);
  if (!audited.ok()) co_return audited;
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  co_return shredded;
}

}  // namespace latchkey::keyvault
