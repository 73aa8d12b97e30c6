#include "services/keyvault/adapters/postgres_revocation_store.h"

#include "services/keyvault/adapters/audit_rows.h"
#include "services/keyvault/adapters/key_rows.h"
#include "services/keyvault/adapters/revoke_leases.h"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kHead{"keyvault_revocations_head",
                              "SELECT coalesce(max(number), 0) FROM revocations"};
constexpr pg::Statement kList{"keyvault_revocations_list",
                              "SELECT number, lease_id, call_id, reason FROM revocations"
                              "  WHERE caller = $1 AND number > $2 ORDER BY number LIMIT $3"};
constexpr pg::Statement kFindHeld{"keyvault_find_held",
                                  "SELECT l.provider, l.key_version, l.switched_from, k.version,"
                                  "    (SELECT max(v.version) FROM key_versions v"
                                  "       WHERE v.key_id = k.key_id AND v.version < k.version)"
                                  "  FROM leases l LEFT JOIN keys k ON k.key_id = l.key_id"
                                  "  WHERE l.lease_id = $1 AND l.caller = $2"
                                  "    AND l.release_time IS NULL AND l.expire_time > now()"};
// A version that is being swept at this moment is waited for, and then not there.
constexpr pg::Statement kSwitch{
    "keyvault_switch",
    "WITH wanted AS ("
    "  SELECT v.key_id, v.version FROM key_versions v JOIN leases l ON l.key_id = v.key_id"
    "    WHERE l.lease_id = $1 AND v.version = $4 FOR KEY SHARE OF v)"
    "UPDATE leases l SET key_version = wanted.version, switched_from = $3 FROM wanted"
    "  WHERE l.lease_id = $1 AND l.caller = $2 AND l.key_version = $3 AND l.switched_from IS NULL"
    "    AND l.release_time IS NULL AND l.expire_time > now()"
    "  RETURNING l.tenant_id, l.number_id, l.call_id, l.key_id"};
constexpr pg::Statement kGetLease{
    "keyvault_get_lease",
    "SELECT s.*, l.call_id, l.caller, l.public_key, l.expire_time"
    "  FROM leases l JOIN stored_keys s ON s.key_id = l.key_id AND s.version = l.key_version"
    "  WHERE l.lease_id = $1 AND l.caller = $2"
    "    AND l.release_time IS NULL AND l.expire_time > now()"};
constexpr pg::Statement kSweep{"keyvault_sweep_revocations",
                               "DELETE FROM revocations WHERE time < now() - interval '1 hour'"};

}  // namespace

Task<absl::StatusOr<int>> PostgresRevocationStore::Revoke(const RevocationTarget& target,
                                                          RevocationReason reason,
                                                          const Actor& actor) {
  co_return co_await RevokeInParts(pool_, chain_, target, reason, actor);
}

Task<absl::StatusOr<int64_t>> PostgresRevocationStore::Head() {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kHead, pg::Params());
  if (!rows.ok()) co_return rows.status();
  co_return rows->front().Int(0);
}

Task<absl::StatusOr<std::vector<Revocation>>> PostgresRevocationStore::List(
    const std::string& caller, int64_t cursor, int limit) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kList, pg::Params(caller, cursor, limit));
  if (!rows.ok()) co_return rows.status();
  std::vector<Revocation> revocations;
  for (const pg::Row row : *rows) {
    revocations.push_back({row.Int(0), ReadId<LeaseId>(row.Text(1)), ReadId<CallId>(row.Text(2)),
                           ParseRevocationReason(row.Text(3))});
  }
  co_return revocations;
}

Task<absl::StatusOr<std::optional<HeldVersion>>> PostgresRevocationStore::FindHeld(
    const std::string& caller, const LeaseId& id) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFindHeld, pg::Params(id.text(), caller));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return std::nullopt;
  const pg::Row row = rows->front();
  HeldVersion held{id, caller, ReadProvider(row.Int(0)), static_cast<int>(row.Int(1)), {}, {}, {}};
  if (!row.IsNull(2)) held.switched_from = static_cast<int>(row.Int(2));
  if (!row.IsNull(3)) held.current = static_cast<int>(row.Int(3));
  if (!row.IsNull(4)) held.older = static_cast<int>(row.Int(4));
  co_return held;
}

Task<absl::StatusOr<bool>> PostgresRevocationStore::Switch(const HeldVersion& held,
                                                           const VersionChoice& to) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> rows = co_await transaction.Query(
      kSwitch, pg::Params(held.lease.text(), held.caller, held.version, to.version));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return false;
  const pg::Row row = rows->front();
  AuditRow use(AuditAction::kSwitch, AuditOutcome::kDone, Actor(held.caller),
               ReadId<TenantId>(row.Text(0)));
  use.number = row.Text(1);
  use.call = row.Text(2);
  use.key = row.Text(3);
  use.provider = static_cast<int>(held.provider);
  use.key_version = to.version;
  use.lease = held.lease.text();
  use.reason = to.fell_back ? "fell_back" : "";
  const std::vector<AuditRow> uses = {std::move(use)};
  absl::Status audited = co_await AppendAudit(transaction, chain_, uses);
  if (!audited.ok()) co_return audited;
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  co_return true;
}

Task<absl::StatusOr<Lease>> PostgresRevocationStore::GetLease(const std::string& caller,
                                                              const LeaseId& id) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kGetLease, pg::Params(id.text(), caller));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return LeaseNotFound();
  const pg::Row row = rows->front();
  constexpr int kLease = kStoredKeyColumns;
  co_return Lease{id,
                  ReadId<CallId>(row.Text(kLease)),
                  row.Text(kLease + 1),
                  row.Bytes(kLease + 2),
                  row.Time(kLease + 3),
                  true,
                  ReadStoredKey(row)};
}

Task<absl::Status> PostgresRevocationStore::SweepRevocations() {
  absl::StatusOr<pg::Rows> swept = co_await pool_.Query(kSweep, pg::Params());
  co_return swept.status();
}

}  // namespace latchkey::keyvault
