#include "services/keyvault/adapters/postgres_lease_store.h"

#include <fmt/format.h>

#include "services/keyvault/adapters/key_rows.h"

namespace latchkey::keyvault {

namespace {

// Leases and their audit rows, in one statement: what is in one is in the other. A key that is
// being deleted at this moment is waited for (FOR KEY SHARE), and then not there. For a nonce that
// was seen before, nothing is inserted.
constexpr pg::Statement kGrant{
    "keyvault_grant",
    "WITH asked AS ("
    "  SELECT * FROM unnest($1::text[], $2::text[], $3::text[]::smallint[], $4::text[])"
    "    WITH ORDINALITY a (tenant_id, number_id, provider, lease_id, position)),"
    "chosen AS ("
    "  SELECT asked.lease_id, asked.position, keys.* FROM asked"
    "    JOIN keys USING (tenant_id, number_id, provider) FOR KEY SHARE OF keys),"
    "granted AS ("
    "  INSERT INTO leases (lease_id, ticket_nonce, ticket_expire_time, position, call_id, caller,"
    "      public_key, key_id, key_version, provider, expire_time, lease_until)"
    "    SELECT lease_id, $5, $6, position, $7, $8, $9, key_id, version, provider,"
    "        date_trunc('second', least(now() + $10 * interval '1 second', $11)), $11"
    "      FROM chosen"
    "    ON CONFLICT (ticket_nonce, provider) DO NOTHING RETURNING *),"
    "audited AS ("
    "  INSERT INTO audit (action, outcome, actor, tenant_id, number_id, provider, key_id,"
    "      key_version, lease_id, call_id)"
    "    SELECT 'lease', 'done', granted.caller, chosen.tenant_id, chosen.number_id,"
    "        granted.provider, granted.key_id, granted.key_version, granted.lease_id,"
    "        granted.call_id"
    "      FROM granted JOIN chosen USING (lease_id))"
    "SELECT provider FROM granted"};
// A version that has gone meanwhile leaves the view's columns empty.
constexpr pg::Statement kFindByTicket{
    "keyvault_find_by_ticket",
    "SELECT s.*, l.lease_id, l.call_id, l.caller, l.public_key, l.expire_time,"
    "    l.release_time IS NULL AND l.expire_time > now(), l.provider"
    "  FROM leases l"
    "  LEFT JOIN stored_keys s ON s.key_id = l.key_id AND s.version = l.key_version"
    "  WHERE l.ticket_nonce = $1 ORDER BY l.position"};
constexpr pg::Statement kRenew{
    "keyvault_renew",
    "UPDATE leases SET expire_time = greatest(expire_time,"
    "    date_trunc('second', least(now() + $3 * interval '1 second', lease_until)))"
    "  WHERE lease_id = ANY ($1) AND caller = $2 AND release_time IS NULL AND expire_time > now()"
    "  RETURNING lease_id, expire_time"};
constexpr pg::Statement kRelease{
    "keyvault_release",
    "WITH ended AS ("
    "  UPDATE leases SET release_time = now()"
    "    WHERE call_id = $1 AND caller = $2 AND release_time IS NULL AND expire_time > now()"
    "    RETURNING *),"
    "audited AS ("
    "  INSERT INTO audit (action, outcome, actor, tenant_id, provider, key_id, key_version,"
    "      lease_id, call_id)"
    "    SELECT 'release', 'done', caller, coalesce(keys.tenant_id, ''), ended.provider,"
    "        ended.key_id, ended.key_version, ended.lease_id, ended.call_id"
    "      FROM ended LEFT JOIN keys USING (key_id))"
    "SELECT count(*) FROM ended"};
constexpr pg::Statement kAudit{
    "keyvault_audit",
    "INSERT INTO audit (action, outcome, actor, tenant_id, call_id, reason)"
    "  VALUES ($1, $2, $3, $4, $5, $6)"};
// The process that checks tickets may have another clock than the database; the margin covers it.
constexpr pg::Statement kSweepLeases{
    "keyvault_sweep_leases",
    "DELETE FROM leases WHERE (release_time IS NOT NULL OR expire_time <= now())"
    "  AND ticket_expire_time < now() - interval '5 minutes'"};
// A grant that is under way has chosen its version and not yet committed; the margin covers it.
constexpr pg::Statement kSweepVersions{
    "keyvault_sweep_versions",
    "DELETE FROM key_versions v USING keys k"
    "  WHERE k.key_id = v.key_id AND v.version < k.version"
    "    AND v.supersede_time < now() - interval '1 minute'"
    "    AND NOT EXISTS (SELECT FROM leases l"
    "      WHERE l.key_id = v.key_id AND l.key_version = v.version"
    "        AND l.release_time IS NULL AND l.expire_time > now())"};
constexpr pg::Statement kSweepRequests{
    "keyvault_sweep_requests",
    "DELETE FROM saved_requests WHERE create_time < now() - interval '1 day'"};

pg::Params GrantParams(const LeaseApplication& application) {
  const Ticket& ticket = application.ticket;
  std::vector<std::string> tenants, numbers, providers, ids;
  for (const KeySlot& grant : ticket.grants) {
    tenants.push_back(grant.tenant.text());
    numbers.push_back(grant.number.text());
    providers.push_back(fmt::to_string(static_cast<int>(grant.provider)));
  }
  for (const LeaseId& id : application.lease_ids) ids.push_back(id.text());
  return pg::Params(tenants, numbers, providers, ids, pg::Bytes(ticket.nonce), ticket.expire_time,
                    ticket.call.text(), application.caller, pg::Bytes(application.public_key),
                    absl::ToInt64Seconds(application.ttl), ticket.lease_until);
}

// The first provider of the ticket that no row has.
absl::Status MissingKey(const Ticket& ticket, const pg::Rows& granted) {
  for (const KeySlot& grant : ticket.grants) {
    bool found = false;
    for (const pg::Row row : granted) found |= ReadProvider(row.Int(0)) == grant.provider;
    if (!found) return KeyNotFound(grant.provider);
  }
  return KeyNotFound(ticket.grants.front().provider);
}

absl::StatusOr<Lease> ReadLease(const pg::Row& row) {
  constexpr int kLease = kStoredKeyColumns;
  if (row.IsNull(0)) return KeyNotFound(ReadProvider(row.Int(kLease + 6)));
  return Lease{ReadId<LeaseId>(row.Text(kLease)),
               ReadId<CallId>(row.Text(kLease + 1)),
               row.Text(kLease + 2),
               row.Bytes(kLease + 3),
               row.Time(kLease + 4),
               row.Bool(kLease + 5),
               ReadStoredKey(row)};
}

absl::StatusOr<TicketLeases> ReadLeases(const pg::Rows& rows, bool granted_now) {
  TicketLeases found{granted_now, {}};
  for (const pg::Row row : rows) {
    absl::StatusOr<Lease> lease = ReadLease(row);
    if (!lease.ok()) return lease.status();
    found.leases.push_back(*std::move(lease));
  }
  return found;
}

}  // namespace

Task<absl::StatusOr<TicketLeases>> PostgresLeaseStore::Grant(const LeaseApplication& application) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> granted = co_await transaction.Query(kGrant, GrantParams(application));
  if (!granted.ok()) co_return granted.status();
  const size_t wanted = application.ticket.grants.size();
  const size_t count = static_cast<size_t>(granted->size());

  absl::StatusOr<pg::Rows> rows =
      co_await transaction.Query(kFindByTicket, pg::Params(pg::Bytes(application.ticket.nonce)));
  if (!rows.ok()) co_return rows.status();
  // Fewer than asked for: nothing at all, unless all were granted before.
  const bool seen_before = count == 0 && !rows->empty();
  if (count < wanted && !seen_before) co_return MissingKey(application.ticket, *granted);
  absl::StatusOr<TicketLeases> found = ReadLeases(*rows, !seen_before);
  if (!found.ok()) co_return found.status();
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  co_return found;
}

Task<absl::StatusOr<std::vector<Renewal>>> PostgresLeaseStore::Renew(
    const std::string& caller, const std::vector<LeaseId>& ids, absl::Duration ttl) {
  std::vector<std::string> texts;
  for (const LeaseId& id : ids) texts.push_back(id.text());
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kRenew, pg::Params(texts, caller, absl::ToInt64Seconds(ttl)));
  if (!rows.ok()) co_return rows.status();
  std::vector<Renewal> renewed;
  for (const pg::Row row : *rows) {
    renewed.push_back({ReadId<LeaseId>(row.Text(0)), row.Time(1)});
  }
  co_return renewed;
}

Task<absl::StatusOr<int>> PostgresLeaseStore::Release(const std::string& caller,
                                                      const CallId& call) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kRelease, pg::Params(call.text(), caller));
  if (!rows.ok()) co_return rows.status();
  co_return static_cast<int>(rows->front().Int(0));
}

Task<absl::Status> PostgresLeaseStore::Write(const AuditRow& row) {
  absl::StatusOr<pg::Rows> written =
      co_await pool_.Query(kAudit, pg::Params(Word(row.action), Word(row.outcome), row.actor,
                                              row.tenant.text(), row.call.text(), row.reason));
  co_return written.status();
}

Task<absl::Status> PostgresLeaseStore::Sweep() {
  for (const pg::Statement* sweep : {&kSweepLeases, &kSweepVersions, &kSweepRequests}) {
    absl::StatusOr<pg::Rows> swept = co_await pool_.Query(*sweep, pg::Params());
    if (!swept.ok()) co_return swept.status();
  }
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
