#include "services/keyvault/adapters/postgres_health_store.h"

#include "lib/base/log.h"
#include "lib/base/metrics.h"
#include "lib/pg/outbox.h"
#include "services/keyvault/adapters/audit_rows.h"
#include "services/keyvault/adapters/health_event.h"
#include "services/keyvault/adapters/key_rows.h"

// In the order that ReadHealth expects.
#define LATCHKEY_HEALTH_COLUMNS                                                            \
  "v.status, v.status_time, v.status_reason, v.troubles, v.trouble_time, v.validate_time," \
  " v.ask_time, v.check_time, v.call_ceiling, v.ceiling_time, v.trial"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kFindSeen{
    "keyvault_health_find_seen",
    "SELECT a.observation, k.key_id, k.version, " LATCHKEY_HEALTH_COLUMNS
    " FROM unnest($1::bigint[], $2::text[], $3::bigint[]) a (observation, lease_id, version)"
    "  JOIN leases l ON l.lease_id = a.lease_id AND l.caller = $4"
    "    AND a.version IN (l.key_version, l.switched_from)"
    "  JOIN keys k ON k.key_id = l.key_id AND k.version = a.version"
    "  JOIN key_versions v ON v.key_id = k.key_id AND v.version = k.version"
    "  ORDER BY a.observation"};
constexpr pg::Statement kLock{
    "keyvault_health_lock",
    "SELECT clock_timestamp(), k.tenant_id, k.number_id, k.provider, " LATCHKEY_HEALTH_COLUMNS
    " FROM keys k JOIN key_versions v ON v.key_id = k.key_id AND v.version = k.version"
    "  WHERE k.key_id = $1 AND k.version = $2 FOR UPDATE OF v"};
constexpr pg::Statement kWrite{
    "keyvault_health_write",
    "UPDATE key_versions SET status = $3, status_time = $4, status_reason = $5, troubles = $6,"
    "    trouble_time = $7, validate_time = $8, ask_time = $9, check_time = $10,"
    "    call_ceiling = $11, ceiling_time = $12, trial = $13"
    "  WHERE key_id = $1 AND version = $2"};
constexpr pg::Statement kPlan{
    "keyvault_health_plan",
    "UPDATE key_versions SET check_time = greatest("
    "    validate_time + (0.75 + random() / 2) * $1 * interval '1 second',"
    "    now() + random() * $1 * interval '1 second')"
    "  WHERE check_time IS NULL AND supersede_time IS NULL"};
// A claim is a date: who dies with it need not give it back.
constexpr pg::Statement kClaimDue{
    "keyvault_health_claim_due",
    "WITH due AS ("
    "  SELECT v.key_id, v.version FROM key_versions v"
    "    WHERE v.check_time <= now() AND v.supersede_time IS NULL"
    "    ORDER BY v.check_time LIMIT $1 FOR UPDATE SKIP LOCKED),"
    "claimed AS ("
    "  UPDATE key_versions v SET check_time = now() + $2 * interval '1 second' FROM due"
    "    WHERE v.key_id = due.key_id AND v.version = due.version RETURNING v.key_id, v.version)"
    "SELECT s.* FROM stored_keys s JOIN claimed USING (key_id, version) WHERE s.current"};

constexpr std::string_view kTopic = "orchestrator.record_event";

KeyHealth ReadHealth(const pg::Row& row, int first) {
  KeyHealth health;
  health.status = ReadStatus(row.Text(first));
  health.since = row.Time(first + 1);
  health.reason = row.Text(first + 2);
  health.troubles = static_cast<int>(row.Int(first + 3));
  health.trouble_time = row.Time(first + 4);
  health.validate_time = row.Time(first + 5);
  health.ask_time = row.Time(first + 6);
  health.check_time = row.OptionalTime(first + 7);
  health.call_ceiling = static_cast<int>(row.Int(first + 8));
  health.ceiling_time = row.Time(first + 9);
  health.trial = row.Bool(first + 10);
  return health;
}

pg::Params WriteParams(const KeyId& key, int version, const KeyHealth& health) {
  return pg::Params(key.text(), version, Word(health.status), health.since, health.reason,
                    health.troubles, health.trouble_time, health.validate_time, health.ask_time,
                    health.check_time, health.call_ceiling, health.ceiling_time, health.trial);
}

AuditRow RowOf(const HealthEvent& event, const Actor& actor) {
  AuditRow row(AuditAction::kHealth, AuditOutcome::kDone, actor, event.slot.tenant);
  row.number = event.slot.number.text();
  row.provider = static_cast<int>(event.slot.provider);
  row.key = event.key.text();
  row.key_version = event.version;
  row.reason = Word(event.after.status);
  return row;
}

void Tell(const HealthEvent& event) {
  const std::string provider(provider::Name(event.slot.provider));
  const std::string status(Word(event.after.status));
  metrics::MakeCounter("latchkey_keyvault_key_health_changes_total",
                       "Keys whose status changed, by the new one.",
                       {{"provider", provider}, {"status", status}})
      .Add();
  log::Info("key health changed", {{"key_id", event.key.text()},
                                   {"tenant_id", event.slot.tenant.text()},
                                   {"provider", provider},
                                   {"status", status},
                                   {"reason", event.after.reason}});
}

// The outbox first: no row of another table is locked after the chain of audit rows.
Task<absl::Status> WriteEvent(pg::Transaction& transaction, const AuditChain& chain,
                              const HealthEvent& event, const Actor& actor) {
  const std::string message = EventMessage(event);
  absl::Status put = co_await pg::PutInOutbox(transaction, kTopic, event.id.text(), message);
  if (!put.ok()) co_return put;
  const std::vector<AuditRow> rows = {RowOf(event, actor)};
  co_return co_await AppendAudit(transaction, chain, rows);
}

}  // namespace

Task<absl::StatusOr<std::vector<SeenKey>>> PostgresHealthStore::FindSeen(
    const std::string& caller, const std::vector<LeaseObservation>& observations) {
  std::vector<int64_t> indices, versions;
  std::vector<std::string> leases;
  for (const LeaseObservation& observation : observations) {
    indices.push_back(static_cast<int64_t>(indices.size()));
    leases.push_back(observation.lease.text());
    versions.push_back(observation.key_version);
  }
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kFindSeen, pg::Params(indices, leases, versions, caller));
  if (!rows.ok()) co_return rows.status();
  std::vector<SeenKey> seen;
  for (const pg::Row row : *rows) {
    seen.push_back({static_cast<size_t>(row.Int(0)), ReadId<KeyId>(row.Text(1)),
                    static_cast<int>(row.Int(2)), ReadHealth(row, 3)});
  }
  co_return seen;
}

Task<absl::StatusOr<std::optional<KeyHealth>>> PostgresHealthStore::Change(
    const KeyId& key, int version, const HealthChange& change, const Actor& actor) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> found =
      co_await transaction.Query(kLock, pg::Params(key.text(), version));
  if (!found.ok()) co_return found.status();
  if (found->empty()) co_return std::nullopt;
  const pg::Row row = found->front();
  const KeyHealth before = ReadHealth(row, 4);
  const KeyHealth after = change(before, row.Time(0));
  if (after == before) co_return after;
  absl::StatusOr<pg::Rows> written =
      co_await transaction.Query(kWrite, WriteParams(key, version, after));
  if (!written.ok()) co_return written.status();

  const KeySlot slot(ReadId<TenantId>(row.Text(1)), ReadId<NumberId>(row.Text(2)),
                     ReadProvider(row.Int(3)));
  const HealthEvent event{EventId::Make(random_), key, version, slot, before.status, after};
  const bool changed = after.status != before.status;
  if (changed) {
    absl::Status told = co_await WriteEvent(transaction, chain_, event, actor);
    if (!told.ok()) co_return told;
  }
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  if (changed) {
    Tell(event);
    on_event_();
  }
  co_return after;
}

Task<absl::Status> PostgresHealthStore::Plan(absl::Duration interval) {
  absl::StatusOr<pg::Rows> planned =
      co_await pool_.Query(kPlan, pg::Params(absl::ToInt64Seconds(interval)));
  co_return planned.status();
}

Task<absl::StatusOr<std::vector<StoredKey>>> PostgresHealthStore::ClaimDue(int limit,
                                                                           absl::Duration claim) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kClaimDue, pg::Params(limit, absl::ToInt64Seconds(claim)));
  if (!rows.ok()) co_return rows.status();
  std::vector<StoredKey> due;
  for (const pg::Row row : *rows) due.push_back(ReadStoredKey(row));
  co_return due;
}

}  // namespace latchkey::keyvault
