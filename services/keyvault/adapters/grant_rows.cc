#include "services/keyvault/adapters/grant_rows.h"

#include "lib/base/error.h"
#include "services/keyvault/adapters/key_rows.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

// A ticket is granted whole or not at all: when none of its leases is there, its call may be run,
// and every key is there. A key that is being deleted at this moment is waited for (FOR KEY SHARE),
// and then not there. Rows go in by nonce, so that replicas that got the same tickets do not wait
// for each other in a circle. A version that was superseded at this moment leaves the view's
// columns empty.
constexpr pg::Statement kGrant{
    "keyvault_grant",
    "WITH asked AS ("
    "  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[],"
    "      $6::text[], $7::bytea[], $8::timestamptz[], $9::text[], $10::text[], $11::bytea[],"
    "      $12::timestamptz[], $13::bigint[], $14::bigint[])"
    "    a (job, position, tenant_id, number_id, provider, lease_id, nonce, ticket_expire_time,"
    "      call_id, caller, public_key, lease_until, ttl, runs_call)),"
    "open AS ("
    "  SELECT job, count(*) AS wanted FROM asked"
    "    GROUP BY job, nonce, call_id, caller, runs_call"
    "    HAVING NOT ticket_is_spent(nonce, call_id, caller, runs_call = 1)),"
    "chosen AS ("
    "  SELECT asked.*, wanted, keys.key_id, keys.version FROM asked JOIN open USING (job)"
    "    JOIN keys ON keys.tenant_id = asked.tenant_id AND keys.number_id = asked.number_id"
    "      AND keys.provider = asked.provider FOR KEY SHARE OF keys),"
    "whole AS (SELECT job FROM chosen GROUP BY job, wanted HAVING count(*) = wanted),"
    "granted AS ("
    "  INSERT INTO leases (lease_id, ticket_nonce, ticket_expire_time, position, call_id, caller,"
    "      public_key, key_id, key_version, tenant_id, number_id, provider, expire_time,"
    "      lease_until)"
    "    SELECT lease_id, nonce, ticket_expire_time, position, call_id, caller, public_key, key_id,"
    "        version, tenant_id, number_id, provider,"
    "        date_trunc('second', least(now() + ttl * interval '1 second', lease_until)),"
    "        lease_until"
    "      FROM chosen JOIN whole USING (job) ORDER BY nonce, position, job"
    "    ON CONFLICT (ticket_nonce, provider) DO NOTHING RETURNING *)"
    "SELECT s.*, g.lease_id, g.call_id, g.caller, g.public_key, g.expire_time, true, g.provider,"
    "    c.job"
    "  FROM granted g JOIN chosen c USING (lease_id)"
    "  LEFT JOIN stored_keys s ON s.key_id = g.key_id AND s.version = g.key_version"
    "  ORDER BY c.job, c.position"};
// A version that has gone meanwhile leaves the view's columns empty.
constexpr pg::Statement kFindByTicket{
    "keyvault_find_by_ticket",
    "SELECT s.*, l.lease_id, l.call_id, l.caller, l.public_key, l.expire_time,"
    "    l.release_time IS NULL AND l.expire_time > now(), l.provider"
    "  FROM leases l"
    "  LEFT JOIN stored_keys s ON s.key_id = l.key_id AND s.version = l.key_version"
    "  WHERE l.ticket_nonce = $1 ORDER BY l.position"};
constexpr pg::Statement kGivenBack{
    "keyvault_given_back",
    "SELECT EXISTS (SELECT FROM leases WHERE call_id = $1 AND caller = $2 AND given_back)"};
constexpr pg::Statement kHasKey{
    "keyvault_has_key",
    "SELECT EXISTS (SELECT FROM keys WHERE tenant_id = $1 AND number_id = $2 AND provider = $3)"};

constexpr int kLease = kStoredKeyColumns;  // Where the lease's columns begin.
constexpr int kJob = kLease + 7;

pg::Params GrantParams(const std::vector<GrantJob*>& jobs) {
  std::vector<int64_t> indices, positions, providers, ttls, runs_call;
  std::vector<std::string> tenants, numbers, ids, calls, callers;
  std::vector<pg::Bytes> nonces, public_keys;
  std::vector<absl::Time> ticket_ends, lease_ends;
  for (size_t job = 0; job < jobs.size(); ++job) {
    const LeaseApplication& application = jobs[job]->application;
    const Ticket& ticket = application.ticket;
    for (size_t i = 0; i < ticket.grants.size(); ++i) {
      indices.push_back(static_cast<int64_t>(job));
      positions.push_back(static_cast<int64_t>(i) + 1);
      tenants.push_back(ticket.grants[i].tenant.text());
      numbers.push_back(ticket.grants[i].number.text());
      providers.push_back(static_cast<int64_t>(ticket.grants[i].provider));
      ids.push_back(application.lease_ids[i].text());
      nonces.emplace_back(ticket.nonce);
      ticket_ends.push_back(ticket.expire_time);
      calls.push_back(ticket.call.text());
      callers.push_back(application.caller);
      public_keys.emplace_back(application.public_key);
      lease_ends.push_back(ticket.lease_until);
      ttls.push_back(absl::ToInt64Seconds(application.ttl));
      runs_call.push_back(ticket.purpose == TicketPurpose::kCall ? 1 : 0);
    }
  }
  return pg::Params(indices, positions, tenants, numbers, providers, ids, nonces, ticket_ends,
                    calls, callers, public_keys, lease_ends, ttls, runs_call);
}

absl::StatusOr<Lease> ReadLease(const pg::Row& row) {
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

// Why nothing of a ticket was granted; or, if it was before, what.
Task<absl::StatusOr<TicketLeases>> FindOut(pg::Transaction& transaction,
                                           const LeaseApplication& application) {
  const Ticket& ticket = application.ticket;
  absl::StatusOr<pg::Rows> before =
      co_await transaction.Query(kFindByTicket, pg::Params(pg::Bytes(ticket.nonce)));
  if (!before.ok()) co_return before.status();
  if (!before->empty()) co_return ReadLeases(*before, false);
  absl::StatusOr<pg::Rows> ended =
      co_await transaction.Query(kGivenBack, pg::Params(ticket.call.text(), application.caller));
  if (!ended.ok()) co_return ended.status();
  if (ticket.purpose == TicketPurpose::kCall && ended->front().Bool(0)) {
    co_return Error(absl::StatusCode::kPermissionDenied, reason::kCallEnded,
                    "The call has ended: its keys were given back. Dialer signs a ticket to settle "
                    "it, if there is something left to do.");
  }
  for (const KeySlot& grant : ticket.grants) {
    absl::StatusOr<pg::Rows> there = co_await transaction.Query(
        kHasKey,
        pg::Params(grant.tenant.text(), grant.number.text(), static_cast<int>(grant.provider)));
    if (!there.ok()) co_return there.status();
    if (!there->front().Bool(0)) co_return KeyNotFound(grant.provider);
  }
  co_return KeyNotFound(ticket.grants.front().provider);  // It was saved just now.
}

}  // namespace

Task<absl::Status> InsertGrants(pg::Transaction& transaction, const std::vector<GrantJob*>& jobs) {
  absl::StatusOr<pg::Rows> granted = co_await transaction.Query(kGrant, GrantParams(jobs));
  if (!granted.ok()) co_return granted.status();
  std::vector<TicketLeases> leases(jobs.size());
  for (const pg::Row row : *granted) {
    absl::StatusOr<Lease> lease = ReadLease(row);
    if (!lease.ok()) {
      co_return Error(absl::StatusCode::kAborted, "transaction_aborted",
                      "A key was replaced at the same moment. Ask again.");
    }
    leases[static_cast<size_t>(row.Int(kJob))].leases.push_back(*std::move(lease));
  }
  for (size_t i = 0; i < jobs.size(); ++i) {
    const size_t count = leases[i].leases.size();
    if (count == 0) {
      absl::StatusOr<TicketLeases> found = co_await FindOut(transaction, jobs[i]->application);
      jobs[i]->result = std::move(found);
      continue;
    }
    const size_t wanted = jobs[i]->rows();
    if (count < wanted) {
      co_return Error(absl::StatusCode::kAborted, "transaction_aborted",
                      "Two tickets with one nonce came at the same moment. Ask again.");
    }
    leases[i].granted_now = true;
    jobs[i]->result = std::move(leases[i]);
  }
  co_return absl::OkStatus();
}

std::vector<AuditRow> AuditRowsOf(const std::vector<GrantJob*>& jobs) {
  std::vector<AuditRow> rows;
  for (const GrantJob* job : jobs) {
    if (!job->result.ok() || !job->result->granted_now) continue;
    for (const Lease& lease : job->result->leases) {
      const KeyInfo& info = lease.key.info;
      AuditRow row(AuditAction::kLease, AuditOutcome::kDone, Actor(lease.caller), info.slot.tenant);
      row.number = info.slot.number.text();
      row.provider = static_cast<int>(info.slot.provider);
      row.key = info.id.text();
      row.key_version = info.version;
      row.lease = lease.id.text();
      row.call = lease.call.text();
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace latchkey::keyvault
