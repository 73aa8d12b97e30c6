#include "services/orchestrator/adapters/postgres_tenant_store.h"

#include "lib/base/error.h"
#include "services/orchestrator/adapters/tenant_row.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr pg::Statement kCreate{
    "tenant_create",
    "INSERT INTO tenants (tenant_id, request_id, name, country, currency, plan, mode, onboarded,"
    "    countries, window_start_minute, window_end_minute, concurrent_calls_max, create_time)"
    "  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    "  ON CONFLICT (request_id) DO NOTHING"
    "  RETURNING " LATCHKEY_TENANT_COLUMNS};
constexpr pg::Statement kFindByRequest{"tenant_find_by_request",
                                       "SELECT " LATCHKEY_TENANT_COLUMNS
                                       " FROM tenants WHERE request_id = $1"};
constexpr pg::Statement kFind{
    "tenant_find", "SELECT " LATCHKEY_TENANT_COLUMNS " FROM tenants WHERE tenant_id = $1"};
constexpr pg::Statement kChange{
    "tenant_change",
    "UPDATE tenants SET plan = coalesce($2, plan), mode = coalesce($3, mode),"
    "    onboarded = coalesce($4, onboarded), countries = coalesce($5, countries),"
    "    window_start_minute = coalesce($6, window_start_minute),"
    "    window_end_minute = coalesce($7, window_end_minute),"
    "    concurrent_calls_max = coalesce($8, concurrent_calls_max)"
    "  WHERE tenant_id = $1"
    "  RETURNING " LATCHKEY_TENANT_COLUMNS};

// Null where the rules do not change.
void AddRules(const std::optional<CallingRules>& rules, pg::Params& params) {
  if (!rules.has_value()) {
    for (int i = 0; i < 4; ++i) params.Add(std::nullopt);
    return;
  }
  params.Add(rules->countries)
      .Add(rules->window_start_minute)
      .Add(rules->window_end_minute)
      .Add(rules->concurrent_calls_max);
}

absl::Status ChangeError(const absl::Status& status) {
  if (Reason(status) != "check_violation") return status;
  return Error(absl::StatusCode::kFailedPrecondition, reasons::kPlanRequired,
               "BYOK mode needs the plan BYOK. Change the plan first.");
}

absl::StatusOr<Tenant> OnlyTenant(const absl::StatusOr<pg::Rows>& rows) {
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return TenantNotFound();
  return ReadTenant(rows->front());
}

}  // namespace

Task<absl::StatusOr<Tenant>> PostgresTenantStore::Create(const Tenant& tenant,
                                                         const std::string& request_id) {
  pg::Params params(tenant.id.text(), request_id, tenant.name, tenant.country, tenant.currency,
                    PlanText(tenant.plan), ModeText(tenant.mode), tenant.onboarded);
  AddRules(tenant.rules, params);
  params.Add(tenant.create_time);
  absl::StatusOr<pg::Rows> made = co_await pool_.Query(kCreate, std::move(params));
  if (!made.ok()) co_return made.status();
  if (!made->empty()) co_return ReadTenant(made->front());
  absl::StatusOr<pg::Rows> known = co_await pool_.Query(kFindByRequest, pg::Params(request_id));
  co_return OnlyTenant(known);
}

Task<absl::StatusOr<Tenant>> PostgresTenantStore::Find(const TenantId& tenant) {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFind, pg::Params(tenant.text()));
  co_return OnlyTenant(rows);
}

Task<absl::StatusOr<Tenant>> PostgresTenantStore::Change(const TenantId& tenant,
                                                         const TenantChange& change) {
  std::optional<std::string> plan;
  if (change.plan.has_value()) plan = PlanText(*change.plan);
  std::optional<std::string> mode;
  if (change.mode.has_value()) mode = ModeText(*change.mode);
  pg::Params params(tenant.text(), plan, mode, change.onboarded);
  AddRules(change.rules, params);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kChange, std::move(params));
  if (!rows.ok()) co_return ChangeError(rows.status());
  co_return OnlyTenant(rows);
}

}  // namespace latchkey::orchestrator
