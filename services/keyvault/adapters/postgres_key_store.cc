#include "services/keyvault/adapters/postgres_key_store.h"

#include "lib/base/error.h"
#include "lib/secret/blob.h"
#include "lib/secret/mac.h"
#include "services/keyvault/adapters/audit_rows.h"
#include "services/keyvault/adapters/key_rows.h"
#include "services/keyvault/adapters/revoke_leases.h"
#include "services/keyvault/domain/key_health.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kInsertTenantKey{
    "keyvault_insert_tenant_key",
    "INSERT INTO tenant_keys (tenant_id, root_key_id, wrapped_key) SELECT $1, $2, $3"
    "  WHERE NOT EXISTS (SELECT FROM retired_root_keys WHERE root_key_id = $2)"
    "  ON CONFLICT (tenant_id) DO NOTHING"};
constexpr pg::Statement kFindTenantKey{"keyvault_find_tenant_key",
                                       "SELECT wrapped_key FROM tenant_keys WHERE tenant_id = $1"};
constexpr pg::Statement kSampleTenantKeys{
    "keyvault_sample_tenant_keys",
    "SELECT DISTINCT ON (root_key_id) tenant_id, wrapped_key FROM tenant_keys"
    "  ORDER BY root_key_id, tenant_id"};
constexpr pg::Statement kFindKey{
    "keyvault_find_key",
    "SELECT * FROM stored_keys"
    "  WHERE tenant_id = $1 AND number_id = $2 AND provider = $3 AND current"};
constexpr pg::Statement kFindRequest{
    "keyvault_find_request",
    "SELECT number_id, provider FROM saved_requests WHERE tenant_id = $1 AND request_id = $2"};
constexpr pg::Statement kInsertRequest{
    "keyvault_insert_request",
    "INSERT INTO saved_requests (tenant_id, request_id, number_id, provider)"
    "  VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, request_id) DO NOTHING"};
constexpr pg::Statement kInsertKey{
    "keyvault_insert_key",
    "INSERT INTO keys (key_id, tenant_id, number_id, provider, version, create_time)"
    "  VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (tenant_id, provider, number_id) DO NOTHING"};
constexpr pg::Statement kSupersede{
    "keyvault_supersede",
    "WITH moved AS ("
    "  UPDATE keys SET version = $2 WHERE key_id = $1 AND version = $2 - 1 RETURNING key_id)"
    "UPDATE key_versions v SET supersede_time = now()"
    "  FROM moved WHERE v.key_id = moved.key_id AND v.version = $2 - 1"};
constexpr pg::Statement kInsertVersion{
    "keyvault_insert_version",
    "INSERT INTO key_versions (key_id, version, status, preview, fingerprint, data_key,"
    "    call_ceiling, trial, carrier_account, phone_number, validate_time, status_time, model)"
    "  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};
constexpr pg::Statement kInsertFields{"keyvault_insert_fields",
                                      "INSERT INTO key_fields (key_id, version, name, blob)"
                                      "  SELECT $1, $2, name, decode(blob, 'hex') FROM "
                                      "unnest($3::text[], $4::text[]) f (name, blob)"};
constexpr pg::Statement kDelete{
    "keyvault_delete",
    "DELETE FROM keys WHERE tenant_id = $1 AND number_id = $2 AND provider = $3"
    "  RETURNING key_id, version"};
constexpr pg::Statement kList{
    "keyvault_list",
    "SELECT * FROM stored_keys"
    "  WHERE tenant_id = $1 AND current AND (provider, number_id) > ($2::smallint, $3)"
    "  ORDER BY provider, number_id LIMIT $4"};

absl::Status LostRace() {
  return Error(absl::StatusCode::kAborted, reason::kSaveLostRace,
               "Another change to this key was made at the same moment. Save it again.");
}

absl::Status RootKeyRetired() {
  return Error(absl::StatusCode::kFailedPrecondition, reason::kRootKeyRetired,
               "The key ring's current root key was retired. Name another one current.");
}

AuditRow RowOf(AuditAction action, const Actor& actor, const KeySlot& slot, const KeyId& key,
               int version) {
  AuditRow row(action, AuditOutcome::kDone, actor, slot.tenant);
  row.number = slot.number.text();
  row.provider = static_cast<int>(slot.provider);
  row.key = key.text();
  row.key_version = version;
  return row;
}

// What the statements of a save are about, one after the other, in one transaction.
struct Step {
  const pg::Statement& statement;
  pg::Params params;
  bool must_touch;  // Touching nothing means that somebody else was faster.
};

std::vector<Step> StepsOf(const NewVersion& version) {
  const KeyInfo& info = version.info;
  const std::string& tenant = info.slot.tenant.text();
  const std::string& number = info.slot.number.text();
  const int provider = static_cast<int>(info.slot.provider);
  const std::string& id = info.id.text();
  std::vector<std::string> names, blobs;
  for (const auto& [name, blob] : version.sealed.fields) {
    names.push_back(name);
    blobs.push_back(secret::Hex(blob));
  }
  std::vector<Step> steps;
  steps.push_back({kInsertRequest, pg::Params(tenant, version.request_id, number, provider), true});
  if (info.version == 1) {
    steps.push_back({kInsertKey, pg::Params(id, tenant, number, provider, info.create_time), true});
  } else {
    steps.push_back({kSupersede, pg::Params(id, info.version), true});
  }
  steps.push_back(
      {kInsertVersion,
       pg::Params(id, info.version, Word(info.status), info.preview, version.sealed.fingerprint,
                  pg::Bytes(version.sealed.data_key), info.facts.call_ceiling, info.facts.trial,
                  info.facts.carrier_account, info.facts.phone_number, info.validate_time,
                  info.status_time, info.model),
       false});
  steps.push_back({kInsertFields, pg::Params(id, info.version, names, blobs), false});
  return steps;
}

}  // namespace

Task<absl::StatusOr<std::string>> PostgresKeyStore::EnsureTenantKey(const TenantId& tenant,
                                                                    const std::string& fresh) {
  absl::StatusOr<pg::Rows> found = co_await pool_.Query(kFindTenantKey, pg::Params(tenant.text()));
  if (!found.ok()) co_return found.status();
  if (!found->empty()) co_return found->front().Bytes(0);

  const absl::StatusOr<secret::Blob> blob = secret::Blob::Parse(fresh);
  if (!blob.ok()) co_return blob.status();
  absl::StatusOr<pg::Rows> inserted = co_await pool_.Query(
      kInsertTenantKey, pg::Params(tenant.text(), blob->key_id, pg::Bytes(fresh)));
  if (!inserted.ok()) co_return inserted.status();
  // Another replica may have been faster: what counts is what stands there now.
  absl::StatusOr<pg::Rows> kept = co_await pool_.Query(kFindTenantKey, pg::Params(tenant.text()));
  if (!kept.ok()) co_return kept.status();
  if (kept->empty()) co_return RootKeyRetired();
  co_return kept->front().Bytes(0);
}

Task<absl::StatusOr<std::vector<std::pair<TenantId, std::string>>>>
PostgresKeyStore::SampleTenantKeys() {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kSampleTenantKeys, pg::Params());
  if (!rows.ok()) co_return rows.status();
  std::vector<std::pair<TenantId, std::string>> samples;
  for (const pg::Row row : *rows) {
    samples.emplace_back(ReadId<TenantId>(row.Text(0)), row.Bytes(1));
  }
  co_return samples;
}

Task<absl::StatusOr<StoredKey>> PostgresKeyStore::Find(const KeySlot& slot) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(
      kFindKey,
      pg::Params(slot.tenant.text(), slot.number.text(), static_cast<int>(slot.provider)));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return KeyNotFound(slot.provider);
  co_return ReadStoredKey(rows->front());
}

Task<absl::StatusOr<std::optional<SavedRequest>>> PostgresKeyStore::FindRequest(
    const TenantId& tenant, const std::string& request_id) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kFindRequest, pg::Params(tenant.text(), request_id));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return std::nullopt;
  const pg::Row row = rows->front();
  const KeySlot slot(tenant, ReadId<NumberId>(row.Text(0)), ReadProvider(row.Int(1)));
  co_return SavedRequest{slot};
}

Task<absl::Status> PostgresKeyStore::Save(const NewVersion& version, const Actor& actor) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  for (Step& step : StepsOf(version)) {
    absl::StatusOr<pg::Rows> done =
        co_await transaction.Query(step.statement, std::move(step.params));
    // The tenant's key has gone meanwhile: it was shredded.
    if (absl::IsFailedPrecondition(done.status())) co_return LostRace();
    if (!done.ok()) co_return done.status();
    if (step.must_touch && done->affected() == 0) co_return LostRace();
  }
  const std::vector<AuditRow> rows = {
      RowOf(AuditAction::kSave, actor, version.info.slot, version.info.id, version.info.version)};
  absl::Status audited = co_await AppendAudit(transaction, chain_, rows);
  if (!audited.ok()) co_return audited;
  co_return co_await transaction.Commit();
}

// The leases that there are end first, in parts, while the key is still there: when keyvault is
// killed between two of them, the deletion was not done, and the same again does it.
Task<absl::StatusOr<int>> PostgresKeyStore::Delete(const KeySlot& slot, LiveCalls live_calls,
                                                   const Actor& actor) {
  if (live_calls == LiveCalls::kFinish) co_return co_await DeleteNow(slot, live_calls, actor);
  int count = 0;
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<StoredKey> key = co_await Find(slot);
    if (!key.ok()) co_return key.status();
    const RevocationTarget target = key->info.id;
    absl::StatusOr<int> ended =
        co_await RevokeInParts(pool_, chain_, target, RevocationReason::kKeyDeleted, actor);
    if (!ended.ok()) co_return ended.status();
    count += *ended;
    absl::StatusOr<int> rest = co_await DeleteNow(slot, live_calls, actor);
    if (rest.ok()) co_return count + *rest;
    if (!absl::IsAborted(rest.status()) || attempt == kRevokeAttemptsMax) co_return rest.status();
  }
}

// Grants hold the key's row until they commit: deleting it waits for them, so that the revocation,
// which comes after, sees all leases there will ever be.
Task<absl::StatusOr<int>> PostgresKeyStore::DeleteNow(const KeySlot& slot, LiveCalls live_calls,
                                                      const Actor& actor) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> rows = co_await transaction.Query(
      kDelete, pg::Params(slot.tenant.text(), slot.number.text(), static_cast<int>(slot.provider)));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return KeyNotFound(slot.provider);
  const KeyId key = ReadId<KeyId>(rows->front().Text(0));
  const int key_version = static_cast<int>(rows->front().Int(1));
  absl::StatusOr<int> revoked = 0;
  if (live_calls == LiveCalls::kEnd) {
    const RevocationTarget target = key;
    revoked =
        co_await RevokeRest(transaction, chain_, target, RevocationReason::kKeyDeleted, actor);
    if (!revoked.ok()) co_return revoked.status();
  }
  const std::vector<AuditRow> uses = {RowOf(AuditAction::kDelete, actor, slot, key, key_version)};
  absl::Status audited = co_await AppendAudit(transaction, chain_, uses);
  if (!audited.ok()) co_return audited;
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  co_return revoked;
}

Task<absl::StatusOr<std::vector<KeyInfo>>> PostgresKeyStore::List(const TenantId& tenant,
                                                                  std::optional<KeyCursor> after,
                                                                  int limit) {
  const int provider = after.has_value() ? static_cast<int>(after->provider) : 0;
  const std::string number = after.has_value() ? after->number : "";
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kList, pg::Params(tenant.text(), provider, number, limit));
  if (!rows.ok()) co_return rows.status();
  std::vector<KeyInfo> keys;
  for (const pg::Row row : *rows) keys.push_back(ReadStoredKey(row).info);
  co_return keys;
}

}  // namespace latchkey::keyvault
