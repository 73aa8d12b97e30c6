#include "services/keyvault/adapters/revoke_leases.h"

#include <string>
#include <vector>

#include "services/keyvault/adapters/audit_rows.h"
#include "services/keyvault/adapters/key_rows.h"

namespace latchkey::keyvault {

namespace {

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

Task<absl::StatusOr<pg::Rows>> End(pg::Transaction& transaction, const RevocationTarget& target,
                                   absl::Time granted_until) {
  const TargetColumns columns = ColumnsOf(target);
  co_return co_await transaction.Query(kEnd, pg::Params(columns.key, columns.tenant, columns.caller,
                                                        granted_until, kRevokedAtOnceMax));
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

}  // namespace

Task<absl::StatusOr<int>> RevokeSome(pg::Transaction& transaction, const AuditChain& chain,
                                     const RevocationTarget& target, absl::Time granted_until,
                                     RevocationReason reason, const Actor& actor) {
  absl::StatusOr<pg::Rows> ended = co_await End(transaction, target, granted_until);
  if (!ended.ok()) co_return ended.status();
  if (ended->empty()) co_return 0;
  absl::Status recorded = co_await Record(transaction, chain, *ended, reason, actor);
  if (!recorded.ok()) co_return recorded;
  co_return static_cast<int>(ended->size());
}

// All leases first, and then the chain: who holds a chain waits for no lease.
Task<absl::StatusOr<int>> RevokeEach(pg::Transaction& transaction, const AuditChain& chain,
                                     const RevocationTarget& target, RevocationReason reason,
                                     const Actor& actor) {
  std::vector<pg::Rows> parts;
  int count = 0;
  bool more = true;
  while (more) {
    absl::StatusOr<pg::Rows> ended = co_await End(transaction, target, absl::InfiniteFuture());
    if (!ended.ok()) co_return ended.status();
    count += static_cast<int>(ended->size());
    more = ended->size() == kRevokedAtOnceMax;
    if (!ended->empty()) parts.push_back(*std::move(ended));
  }
  for (const pg::Rows& ended : parts) {
    absl::Status recorded = co_await Record(transaction, chain, ended, reason, actor);
    if (!recorded.ok()) co_return recorded;
  }
  co_return count;
}

}  // namespace latchkey::keyvault
