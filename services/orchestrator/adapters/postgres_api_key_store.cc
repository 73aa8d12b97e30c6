#include "services/orchestrator/adapters/postgres_api_key_store.h"

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "services/orchestrator/adapters/tenant_row.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr pg::Statement kCreate{
    "api_key_create",
    "INSERT INTO api_keys (api_key_id, tenant_id, label, hash, create_time)"
    "  VALUES ($1, $2, $3, $4, $5)"};
constexpr pg::Statement kRevoke{"api_key_revoke",
                                "UPDATE api_keys SET revoke_time = coalesce(revoke_time, $2)"
                                "  WHERE api_key_id = $1"};
constexpr pg::Statement kFindByHash{"api_key_find_by_hash",
                                    "SELECT " LATCHKEY_TENANT_COLUMNS
                                    ", api_keys.api_key_id"
                                    "  FROM api_keys JOIN tenants USING (tenant_id)"
                                    "  WHERE api_keys.hash = $1 AND api_keys.revoke_time IS NULL"};

}  // namespace

Task<absl::Status> PostgresApiKeyStore::Create(const ApiKey& key, const std::string& hash) {
  absl::StatusOr<pg::Rows> made = co_await pool_.Query(
      kCreate,
      pg::Params(key.id.text(), key.tenant.text(), key.label, pg::Bytes(hash), key.create_time));
  if (Reason(made.status()) == "foreign_key_violation") co_return TenantNotFound();
  co_return made.status();
}

Task<absl::Status> PostgresApiKeyStore::Revoke(const ApiKeyId& key, absl::Time when) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kRevoke, pg::Params(key.text(), when));
  if (!rows.ok()) co_return rows.status();
  if (rows->affected() > 0) co_return absl::OkStatus();
  co_return Error(absl::StatusCode::kNotFound, reasons::kApiKeyNotFound,
                  "There is no such API key. Check its id.");
}

Task<absl::StatusOr<Principal>> PostgresApiKeyStore::FindByHash(const std::string& hash) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFindByHash, pg::Params(pg::Bytes(hash)));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) {
    co_return Error(absl::StatusCode::kUnauthenticated, reasons::kApiKeyUnknown,
                    "This API key is unknown or was revoked. Use a current one.");
  }
  absl::StatusOr<ApiKeyId> id = ApiKeyId::Parse(rows->front().Text(kTenantColumns));
  Check(id.ok(), "a row has a malformed API key id");
  co_return Principal{ReadTenant(rows->front()), *id};
}

}  // namespace latchkey::orchestrator
