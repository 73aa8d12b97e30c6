#include "services/keyvault/adapters/postgres_lease_store.h"

#include "services/keyvault/adapters/audit_rows.h"
#include "services/keyvault/adapters/key_rows.h"

namespace latchkey::keyvault {

namespace {

// The first renewal of a caller's minute is noted.
constexpr pg::Statement kRenew{
    "keyvault_renew",
    "WITH renewed AS ("
    "  UPDATE leases SET expire_time = greatest(expire_time,"
    "      date_trunc('second', least(now() + $3 * interval '1 second', lease_until)))"
    "    WHERE lease_id = ANY ($1) AND caller = $2 AND release_time IS NULL AND expire_time > now()"
    "    RETURNING lease_id, expire_time),"
    "noted AS ("
    "  INSERT INTO renewals (caller, minute, lease_count)"
    "    SELECT $2, date_trunc('minute', now()), count(*) FROM renewed HAVING count(*) > 0"
    "    ON CONFLICT (caller, minute) DO NOTHING)"
    "SELECT lease_id, expire_time FROM renewed"};
// Locks in the order of the leases' ids, as everybody does who ends several at once.
constexpr pg::Statement kRelease{
    "keyvault_release",
    "WITH asked AS (SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])"
    "    a (job, call_id, caller)),"
    "due AS ("
    "  SELECT l.lease_id, asked.job FROM leases l JOIN asked USING (call_id, caller)"
    "    WHERE l.release_time IS NULL AND l.expire_time > now()"
    "    ORDER BY l.lease_id LIMIT $4 FOR UPDATE OF l)"
    "UPDATE leases l SET release_time = now(), given_back = true FROM due"
    "  WHERE l.lease_id = due.lease_id"
    "  RETURNING due.job, l.caller, l.tenant_id, l.number_id, l.provider, l.key_id, l.key_version,"
    "    l.lease_id, l.call_id"};
constexpr pg::Statement kFindForeign{
    "keyvault_find_foreign",
    "SELECT lease_id, tenant_id, call_id FROM leases WHERE lease_id = ANY ($1) AND caller <> $2"};
constexpr pg::Statement kFindForeignOfCall{
    "keyvault_find_foreign_of_call",
    "SELECT min(lease_id), tenant_id, call_id FROM leases"
    "  WHERE call_id = $1 AND caller <> $2"
    "    AND NOT EXISTS (SELECT FROM leases own WHERE own.call_id = $1 AND own.caller = $2)"
    "  GROUP BY tenant_id, call_id ORDER BY tenant_id"};
constexpr pg::Statement kCountLive{
    "keyvault_count_live",
    "SELECT tenant_id, caller, count(*) FROM leases"
    "  WHERE release_time IS NULL AND expire_time > now() GROUP BY tenant_id, caller"};
// The process that checks tickets may have another clock than the database; the margin covers it.
constexpr pg::Statement kSweepLeases{
    "keyvault_sweep_leases",
    "DELETE FROM leases WHERE (release_time IS NOT NULL OR expire_time <= now())"
    "  AND ticket_expire_time < now() - interval '5 minutes'"};
// A grant that is under way has chosen its version and not yet committed; the margin covers it. No
// call is longer than an hour, so what is older than 70 minutes is held by nobody who will ask.
constexpr pg::Statement kSweepVersions{
    "keyvault_sweep_versions",
    "DELETE FROM key_versions v USING keys k"
    "  WHERE k.key_id = v.key_id AND v.version < k.version"
    "    AND v.supersede_time < now() - interval '1 minute'"
    "    AND (v.supersede_time < now() - interval '70 minutes'"
    "      OR NOT EXISTS (SELECT FROM leases l"
    "        WHERE l.key_id = v.key_id AND l.key_version = v.version"
    "          AND l.release_time IS NULL AND l.expire_time > now()))"};
constexpr pg::Statement kSweepRequests{
    "keyvault_sweep_requests",
    "DELETE FROM saved_requests WHERE create_time < now() - interval '1 day'"};
// What was replaced longer ago than kSigningOverlap signs nothing more.
constexpr pg::Statement kSweepSigningSecrets{
    "keyvault_sweep_signing_secrets",
    "UPDATE signing_secrets s SET data_key = '', blob = '' WHERE s.blob <> ''"
    "  AND EXISTS (SELECT FROM signing_secrets n WHERE n.tenant_id = s.tenant_id"
    "    AND n.version > s.version AND n.create_time < now() - interval '24 hours')"};
constexpr pg::Statement kSweepProbes{"keyvault_sweep_probes",
                                     "DELETE FROM probes WHERE time < now() - interval '1 day'"};

AuditRow ReleasedRow(const pg::Row& row) {
  AuditRow audit(AuditAction::kRelease, AuditOutcome::kDone, Actor(row.Text(1)),
                 ReadId<TenantId>(row.Text(2)));
  audit.number = row.Text(3);
  audit.provider = static_cast<int>(row.Int(4));
  audit.key = row.Text(5);
  audit.key_version = static_cast<int>(row.Int(6));
  audit.lease = row.Text(7);
  audit.call = row.Text(8);
  return audit;
}

std::vector<ForeignLease> ReadForeign(const pg::Rows& rows) {
  std::vector<ForeignLease> foreign;
  for (const pg::Row row : rows) {
    foreign.push_back(
        {ReadId<LeaseId>(row.Text(0)), ReadId<TenantId>(row.Text(1)), ReadId<CallId>(row.Text(2))});
  }
  return foreign;
}

// Nothing was done, and each by itself may fare better.
bool MaySplit(const absl::Status& status) {
  return !status.ok() && !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status);
}

}  // namespace

PostgresLeaseStore::PostgresLeaseStore(pg::Pool& pool, const AuditChain& chain)
    : pool_(pool),
      chain_(chain),
      grants_(kAuditRowsAtOnceMax,
              [this](std::vector<GrantJob*> jobs) { return GrantAll(std::move(jobs)); }),
      releases_(kAuditRowsAtOnceMax,
                [this](std::vector<ReleaseJob*> jobs) { return ReleaseAll(std::move(jobs)); }) {}

Task<absl::StatusOr<TicketLeases>> PostgresLeaseStore::Grant(const LeaseApplication& application) {
  GrantJob job(application);
  absl::Status done = co_await grants_.Do(job);
  if (!done.ok()) co_return done;
  co_return std::move(job.result);
}

// One ticket that fails the transaction must not cost the others theirs.
Task<void> PostgresLeaseStore::GrantAll(std::vector<GrantJob*> jobs) {
  const absl::Status together = co_await TryGrant(jobs);
  for (GrantJob* job : jobs) {
    absl::Status alone = together;
    const std::vector<GrantJob*> one = {job};
    if (MaySplit(together)) alone = co_await TryGrant(one);
    if (!alone.ok()) job->result = alone;
  }
}

Task<absl::Status> PostgresLeaseStore::TryGrant(const std::vector<GrantJob*>& jobs) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::Status granted = co_await InsertGrants(transaction, jobs);
  if (!granted.ok()) co_return granted;
  const std::vector<AuditRow> rows = AuditRowsOf(jobs);
  if (rows.empty()) co_return absl::OkStatus();
  absl::Status audited = co_await AppendAudit(transaction, chain_, rows);
  if (!audited.ok()) co_return audited;
  co_return co_await transaction.Commit();
}

Task<absl::StatusOr<std::vector<Renewal>>> PostgresLeaseStore::Renew(
    const std::string& caller, const std::vector<LeaseId>& ids, absl::Duration ttl) {
  std::vector<std::string> texts;
  texts.reserve(ids.size());
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
  ReleaseJob job(caller, call);
  absl::Status done = co_await releases_.Do(job);
  if (!done.ok()) co_return done;
  if (!job.result.ok()) co_return job.result;
  co_return job.count;
}

Task<void> PostgresLeaseStore::ReleaseAll(std::vector<ReleaseJob*> jobs) {
  const absl::Status together = co_await TryRelease(jobs);
  for (ReleaseJob* job : jobs) {
    job->result = together;
    const std::vector<ReleaseJob*> one = {job};
    if (MaySplit(together)) job->result = co_await TryRelease(one);
  }
}

// In parts, so that no transaction adds more audit rows than it may: a call may hold many leases.
Task<absl::Status> PostgresLeaseStore::TryRelease(const std::vector<ReleaseJob*>& jobs) {
  size_t released = kAuditRowsAtOnceMax;
  while (released == kAuditRowsAtOnceMax) {
    const absl::StatusOr<size_t> some = co_await ReleaseSome(jobs);
    if (!some.ok()) co_return some.status();
    released = *some;
  }
  co_return absl::OkStatus();
}

Task<absl::StatusOr<size_t>> PostgresLeaseStore::ReleaseSome(const std::vector<ReleaseJob*>& jobs) {
  std::vector<int64_t> indices;
  std::vector<std::string> calls, callers;
  for (const ReleaseJob* job : jobs) {
    indices.push_back(static_cast<int64_t>(indices.size()));
    calls.push_back(job->call.text());
    callers.push_back(job->caller);
  }
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> ended = co_await transaction.Query(
      kRelease, pg::Params(indices, calls, callers, static_cast<int64_t>(kAuditRowsAtOnceMax)));
  if (!ended.ok()) co_return ended.status();
  std::vector<AuditRow> rows;
  for (const pg::Row row : *ended) rows.push_back(ReleasedRow(row));
  if (rows.empty()) co_return 0;
  absl::Status audited = co_await AppendAudit(transaction, chain_, rows);
  if (!audited.ok()) co_return audited;
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  for (const pg::Row row : *ended) ++jobs[static_cast<size_t>(row.Int(0))]->count;
  co_return rows.size();
}

Task<absl::StatusOr<std::vector<ForeignLease>>> PostgresLeaseStore::FindForeign(
    const std::string& caller, const std::vector<LeaseId>& ids) {
  std::vector<std::string> texts;
  texts.reserve(ids.size());
  for (const LeaseId& id : ids) texts.push_back(id.text());
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFindForeign, pg::Params(texts, caller));
  if (!rows.ok()) co_return rows.status();
  co_return ReadForeign(*rows);
}

Task<absl::StatusOr<std::vector<ForeignLease>>> PostgresLeaseStore::FindForeignOfCall(
    const std::string& caller, const CallId& call) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kFindForeignOfCall, pg::Params(call.text(), caller));
  if (!rows.ok()) co_return rows.status();
  co_return ReadForeign(*rows);
}

Task<absl::StatusOr<std::vector<LiveLeases>>> PostgresLeaseStore::CountLive() {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kCountLive, pg::Params());
  if (!rows.ok()) co_return rows.status();
  std::vector<LiveLeases> counts;
  for (const pg::Row row : *rows) counts.push_back({row.Text(0), row.Text(1), row.Int(2)});
  co_return counts;
}

Task<absl::Status> PostgresLeaseStore::Sweep() {
  for (const pg::Statement* sweep :
       {&kSweepLeases, &kSweepVersions, &kSweepRequests, &kSweepSigningSecrets, &kSweepProbes}) {
    absl::StatusOr<pg::Rows> swept = co_await pool_.Query(*sweep, pg::Params());
    if (!swept.ok()) co_return swept.status();
  }
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
