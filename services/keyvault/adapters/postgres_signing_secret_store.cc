#include "services/keyvault/adapters/postgres_signing_secret_store.h"

#include <utility>
#include <vector>

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "lib/secret/sealed_box.h"
#include "services/keyvault/adapters/audit_rows.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

using secret::kSigningSecretField;

// The one before it counts for kSigningOverlap.
constexpr pg::Statement kFind{
    "keyvault_find_signing_secret",
    "SELECT s.version, t.wrapped_key, s.data_key, s.blob, p.data_key, p.blob"
    "  FROM signing_secrets s JOIN tenant_keys t ON t.tenant_id = s.tenant_id"
    "  LEFT JOIN signing_secrets p ON p.tenant_id = s.tenant_id AND p.version = s.version - 1"
    "    AND p.blob <> '' AND s.create_time > now() - interval '24 hours'"
    "  WHERE s.tenant_id = $1 ORDER BY s.version DESC LIMIT 1"};
constexpr pg::Statement kKnowsRequest{
    "keyvault_find_signing_secret_request",
    "SELECT FROM signing_secrets WHERE tenant_id = $1 AND request_id = $2"};
// Touches no row when the version or the request is there already.
constexpr pg::Statement kInsert{
    "keyvault_insert_signing_secret",
    "INSERT INTO signing_secrets (tenant_id, version, request_id, data_key, blob)"
    "  VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"};
constexpr pg::Statement kForget{"keyvault_forget_signing_secret",
                                "UPDATE signing_secrets SET data_key = '', blob = '' WHERE "
                                "tenant_id = $1 AND version < $2 - 1"};

absl::Status LostRace() {
  return Error(absl::StatusCode::kAborted, reason::kSaveLostRace,
               "Another signing secret was set at the same moment. Set it again.");
}

}  // namespace

Task<absl::StatusOr<std::optional<StoredSigningSecret>>> PostgresSigningSecretStore::Find(
    const TenantId& tenant) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFind, pg::Params(tenant.text()));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) co_return std::nullopt;
  const pg::Row row = rows->front();
  StoredSigningSecret stored;
  stored.tenant = tenant;
  stored.version = static_cast<int>(row.Int(0));
  stored.tenant_key = row.Bytes(1);
  stored.sealed.data_key = row.Bytes(2);
  stored.sealed.fields.emplace(kSigningSecretField, row.Bytes(3));
  if (row.IsNull(4)) co_return stored;
  stored.previous.emplace();
  stored.previous->data_key = row.Bytes(4);
  stored.previous->fields.emplace(kSigningSecretField, row.Bytes(5));
  co_return stored;
}

Task<absl::StatusOr<bool>> PostgresSigningSecretStore::KnowsRequest(const TenantId& tenant,
                                                                    const std::string& request_id) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kKnowsRequest, pg::Params(tenant.text(), request_id));
  if (!rows.ok()) co_return rows.status();
  co_return !rows->empty();
}

Task<absl::Status> PostgresSigningSecretStore::Save(const SigningSecretVersion& secret,
                                                    const Actor& actor) {
  const auto blob = secret.sealed.fields.find(std::string(kSigningSecretField));
  Check(blob != secret.sealed.fields.end(), "a signing secret has its one field");
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> inserted = co_await transaction.Query(
      kInsert, pg::Params(secret.tenant.text(), secret.version, secret.request_id,
                          pg::Bytes(secret.sealed.data_key), pg::Bytes(blob->second)));
  // The tenant's key has gone meanwhile: it was shredded.
  if (absl::IsFailedPrecondition(inserted.status())) co_return LostRace();
  if (!inserted.ok()) co_return inserted.status();
  if (inserted->affected() == 0) co_return LostRace();
  absl::StatusOr<pg::Rows> forgot =
      co_await transaction.Query(kForget, pg::Params(secret.tenant.text(), secret.version));
  if (!forgot.ok()) co_return forgot.status();
  AuditRow row(AuditAction::kSetSigningSecret, AuditOutcome::kDone, actor, secret.tenant);
  row.key_version = secret.version;
  const std::vector<AuditRow> rows = {std::move(row)};
  absl::Status audited = co_await AppendAudit(transaction, chain_, rows);
  if (!audited.ok()) co_return audited;
  co_return co_await transaction.Commit();
}

}  // namespace latchkey::keyvault
