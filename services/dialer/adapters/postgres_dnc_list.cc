#include "services/dialer/adapters/postgres_dnc_list.h"

namespace latchkey::dialer {
namespace {

constexpr pg::Statement kAdd{
    "dialer_add_dnc", "INSERT INTO dnc (tenant_id, e164) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
constexpr pg::Statement kRemove{"dialer_remove_dnc",
                                "DELETE FROM dnc WHERE tenant_id = $1 AND e164 = $2"};
constexpr pg::Statement kContains{"dialer_contains_dnc",
                                  "SELECT 1 FROM dnc WHERE tenant_id = $1 AND e164 = $2"};

}  // namespace

Task<absl::Status> PostgresDncList::Add(const TenantId& tenant, const E164& number) {
  const pg::Params params(tenant.text(), number.text());
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kAdd, params);
  co_return rows.status();
}

Task<absl::Status> PostgresDncList::Remove(const TenantId& tenant, const E164& number) {
  const pg::Params params(tenant.text(), number.text());
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kRemove, params);
  co_return rows.status();
}

Task<absl::StatusOr<bool>> PostgresDncList::Contains(const TenantId& tenant, const E164& number) {
  const pg::Params params(tenant.text(), number.text());
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kContains, params);
  if (!rows.ok()) co_return rows.status();
  co_return !rows->empty();
}

}  // namespace latchkey::dialer
