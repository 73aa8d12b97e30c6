#include "services/keyvault/adapters/revoke_leases.h"

#include <string>
#include <vector>

#include "lib/base/error.h"
#include "services/keyvault/adapters/audit_rows.h"
#include "services/keyvault/adapters/key_rows.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kNow{"keyvault_now", "SELECT now()"};
// Each of $1 to $3 is '' when the target is another.
constexpr pg::Statement kEnd{
    "keyvault_revoke_end",
    "WITH due AS ("
    "  SELECT lease_id FROM leases"
    "    WHERE release_time IS NULL AND expire_time > now() AND grant_time <= $4"
    "      AND ($1 = '' OR key_id = $1) AND ($2 = '' OR tenant_id = $2)"
    "      AND ($3 = '' OR caller = $3)"
    "    ORDER BY lease_id LIMIT $5 FOR UPDATE)"
    "UPDATE leases l SET release_time = now() FROM due WHERE l.lease_id = due.lease_id"
    "  RETURNING l.lease_id, l.call_id, l.caller, l.tenant_id, l.number_id, l.provider, l.key_id,"
    "    l.key_version"};
// Held until the commit: whoever reads a number has seen all smaller ones.
constexpr pg::Statement kLockNumbers{
    "keyvault_revoke_lock",
    "SELECT pg_advisory_xact_lock(hashtextextended('keyvault revocations', 0))"};
constexpr pg::Statement kTell{
    "keyvault_revoke_tell",
    "WITH told AS ("
    "  INSERT INTO revocations (lease_id, call_id, caller, reason)"
    "    SELECT lease_id, call_id, caller, $4"
    "      FROM unnest($1::text[], $2::text[], $3::text[]) r (lease_id, call_id, caller))"
    "SELECT pg_notify('keyvault_revocations', '')"};

constexpr std::string_view kLostRace = reason::kRevocationLostRace;

struct TargetColumns {
  std::string key;
  std::string tenant;
  std::string caller;
};

TargetColumns ColumnsOf(const RevocationTarget& target) {
  TargetColumns columns;
  if (const auto* key = std::get_if<KeyId>(&target)) columns.key = key->text();
  if (const auto* tenant = std::get_if<TenantId>(&target)) columns.tenant = tenant->text();
  if (const auto* caller = std::get_if<OfCaller>(&target)) columns.caller = caller->spiffe_id;
  return columns;
}

std::vector<AuditRow> UsesOf(const pg::Rows& ended, RevocationReason reason, const Actor& actor) {
  std::vector<AuditRow> uses;
  for (const pg::Row row : ended) {
    AuditRow use(AuditAction::kRevoke, AuditOutcome::kDone, actor, ReadId<TenantId>(row.Text(3)));
    use.lease = row.Text(0);
    use.call = row.Text(1);
    use.number = row.Text(4);
    use.provider = static_cast<int>(row.Int(5));
    use.key = row.Text(6);
    use.key_version = static_cast<int>(row.Int(7));
    use.reason = Word(reason);
    uses.push_back(std::move(use));
  }
  return uses;
}

// At most `limit` live leases of `target` that were granted until `granted_until`.
Task<absl::StatusOr<pg::Rows>> End(pg::Transaction& transaction, const RevocationTarget& target,
                                   absl::Time granted_until, int limit) {
  const TargetColumns columns = ColumnsOf(target);
  co_return co_await transaction.Query(
      kEnd, pg::Params(columns.key, columns.tenant, columns.caller, granted_until, limit));
}

// Audits what was ended, and tells the holders.
Task<absl::Status> Record(pg::Transaction& transaction, const AuditChain& chain,
                          const pg::Rows& ended, RevocationReason reason, const Actor& actor) {
  const std::vector<AuditRow> uses = UsesOf(ended, reason, actor);
  absl::Status audited = co_await AppendAudit(transaction, chain, uses);
  if (!audited.ok()) co_return audited;
  absl::StatusOr<pg::Rows> locked = co_await transaction.Query(kLockNumbers, pg::Params());
  if (!locked.ok()) co_return locked.status();
  std::vector<std::string> leases, calls, callers;
  for (const pg::Row row : ended) {
    leases.push_back(row.Text(0));
    calls.push_back(row.Text(1));
    callers.push_back(row.Text(2));
  }
  absl::StatusOr<pg::Rows> told =
      co_await transaction.Query(kTell, pg::Params(leases, calls, callers, Word(reason)));
  co_return told.status();
}

// One part, committed; says how many leases it ended.
Task<absl::StatusOr<int>> RevokePart(pg::Pool& pool, const AuditChain& chain,
                                     const RevocationTarget& target, absl::Time granted_until,
                                     RevocationReason reason, const Actor& actor) {
  absl::StatusOr<pg::Transaction> begun = co_await pool.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> ended =
      co_await End(transaction, target, granted_until, kRevokedAtOnceMax);
  if (!ended.ok()) co_return ended.status();
  if (ended->empty()) co_return 0;
  absl::Status recorded = co_await Record(transaction, chain, *ended, reason, actor);
  if (!recorded.ok()) co_return recorded;
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  co_return static_cast<int>(ended->size());
}

}  // namespace

// Those that are granted meanwhile are not looked for, so that it ends.
Task<absl::StatusOr<int>> RevokeInParts(pg::Pool& pool, const AuditChain& chain,
                                        const RevocationTarget& target, RevocationReason reason,
                                        const Actor& actor) {
  absl::StatusOr<pg::Rows> now = co_await pool.Query(kNow, pg::Params());
  if (!now.ok()) co_return now.status();
  const absl::Time started = now->front().Time(0);
  int count = 0;
  while (true) {
    absl::StatusOr<int> some = co_await RevokePart(pool, chain, target, started, reason, actor);
    if (!some.ok()) co_return some.status();
    count += *some;
    if (*some < kRevokedAtOnceMax) co_return count;
  }
}

// All leases first, and then the chain: who holds a chain waits for no lease.
Task<absl::StatusOr<int>> RevokeRest(pg::Transaction& transaction, const AuditChain& chain,
                                     const RevocationTarget& target, RevocationReason reason,
                                     const Actor& actor) {
  absl::StatusOr<pg::Rows> ended =
      co_await End(transaction, target, absl::InfiniteFuture(), kRevokedAtOnceMax);
  if (!ended.ok()) co_return ended.status();
  if (ended->size() > kRevokedWithAnotherMax) {
    co_return Error(absl::StatusCode::kAborted, kLostRace,
                    "Very many calls took the key at the same moment. Try again.");
  }
  if (ended->empty()) co_return 0;
  absl::Status recorded = co_await Record(transaction, chain, *ended, reason, actor);
  if (!recorded.ok()) co_return recorded;
  co_return static_cast<int>(ended->size());
}

}  // namespace latchkey::keyvault
