#include "services/keyvault/adapters/postgres_key_store.h"

#include "lib/base/error.h"
#include "lib/secret/blob.h"
#include "lib/secret/mac.h"
#include "services/keyvault/adapters/key_rows.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kInsertTenantKey{
    "keyvault_insert_tenant_key",
    "INSERT INTO tenant_keys (tenant_id, root_key_id, wrapped_key) VALUES ($1, $2, $3)"
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
    "    call_ceiling, trial, carrier_account, phone_number, validate_time)"
    "  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};
constexpr pg::Statement kInsertFields{"keyvault_insert_fields",
                                      "INSERT INTO key_fields (key_id, version, name, blob)"
                                      "  SELECT $1, $2, name, decode(blob, 'hex') FROM "
                                      "unnest($3::text[], $4::text[]) f (name, blob)"};
constexpr pg::Statement kAuditSave{
    "keyvault_audit_save",
    "INSERT INTO audit (action, outcome, actor, tenant_id, number_id, provider, key_id,"
    "    key_version)"
    "  VALUES ('save', 'done', $1, $2, $3, $4, $5, $6)"};
constexpr pg::Statement kDelete{
    "keyvault_delete",
    "WITH gone AS ("
    "  DELETE FROM keys WHERE tenant_id = $1 AND number_id = $2 AND provider = $3 RETURNING *),"
    "audited AS ("
    "  INSERT INTO audit (action, outcome, actor, tenant_id, number_id, provider, key_id,"
    "      key_version)"
    "    SELECT 'delete', 'done', $4, tenant_id, number_id, provider, key_id, version FROM gone)"
    "SELECT key_id FROM gone"};
constexpr pg::Statement kList{
    "keyvault_list",
    "SELECT * FROM stored_keys"
    "  WHERE tenant_id = $1 AND current AND (provider, number_id) > ($2::smallint, $3)"
    "  ORDER BY provider, number_id LIMIT $4"};

absl::Status LostRace() {
  return Error(absl::StatusCode::kAborted, reason::kSaveLostRace,
               "Another change to this key was made at the same moment. Save it again.");
}

// What the statements of a save are about, one after the other, in one transaction.
struct Step {
  const pg::Statement& statement;
  pg::Params params;
  bool must_touch;  // Touching nothing means that somebody else was faster.
};

std::vector<Step> StepsOf(const NewVersion& version, const Actor& actor) {
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
                  info.facts.carrier_account, info.facts.phone_number, info.validate_time),
       false});
  steps.push_back({kInsertFields, pg::Params(id, info.version, names, blobs), false});
  steps.push_back(
      {kAuditSave, pg::Params(actor.spiffe_id, tenant, number, provider, id, info.version), false});
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
  for (Step& step : StepsOf(version, actor)) {
    absl::StatusOr<pg::Rows> done =
        co_await transaction.Query(step.statement, std::move(step.params));
    if (!done.ok()) co_return done.status();
    if (step.must_touch && done->affected() == 0) co_return LostRace();
  }
  co_return co_await transaction.Commit();
}

Task<absl::Status> PostgresKeyStore::Delete(const KeySlot& slot, const Actor& actor) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kDelete, pg::Params(slot.tenant.text(), slot.number.text(),
                                               static_cast<int>(slot.provider), actor.spiffe_id));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return KeyNotFound(slot.provider);
  co_return absl::OkStatus();
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
