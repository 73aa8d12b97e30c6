#include "services/orchestrator/adapters/tenant_row.h"

#include "lib/base/check.h"

namespace latchkey::orchestrator {
namespace {

Plan PlanOf(std::string_view text) {
  for (const Plan plan : {Plan::kFree, Plan::kPro, Plan::kByok}) {
    if (PlanText(plan) == text) return plan;
  }
  Check(false, "a tenant's row has an unknown plan");
  return Plan::kFree;
}

TenantId ReadTenantId(const pg::Row& row, int column) {
  absl::StatusOr<TenantId> id = TenantId::Parse(row.Text(column));
  Check(id.ok(), "a row has a malformed tenant id");
  return *id;
}

}  // namespace

std::string_view PlanText(Plan plan) {
  switch (plan) {
    case Plan::kFree:
      return "free";
    case Plan::kPro:
      return "pro";
    case Plan::kByok:
      return "byok";
  }
  return "";
}

std::string_view ModeText(Mode mode) { return mode == Mode::kByok ? "byok" : "bundled"; }

Tenant ReadTenant(const pg::Row& row) {
  Tenant tenant;
  tenant.id = ReadTenantId(row, 0);
  tenant.name = row.Text(1);
  tenant.country = row.Text(2);
  tenant.currency = row.Text(3);
  tenant.plan = PlanOf(row.Text(4));
  tenant.mode = row.Text(5) == ModeText(Mode::kByok) ? Mode::kByok : Mode::kBundled;
  tenant.onboarded = row.Bool(6);
  tenant.rules.countries = row.Texts(7);
  tenant.rules.window_start_minute = static_cast<int>(row.Int(8));
  tenant.rules.window_end_minute = static_cast<int>(row.Int(9));
  tenant.rules.concurrent_calls_max = static_cast<int>(row.Int(10));
  tenant.create_time = row.Time(11);
  return tenant;
}

}  // namespace latchkey::orchestrator
