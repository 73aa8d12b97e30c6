// TenantRow: a tenant as it stands in the table tenants.
#pragma once

#include <string_view>

#include "lib/pg/row.h"
#include "services/orchestrator/domain/tenant.h"

namespace latchkey::orchestrator {

// For SELECT and RETURNING, in the order that ReadTenant expects. A macro, because statements are
// literals.
#define LATCHKEY_TENANT_COLUMNS                                                       \
  "tenants.tenant_id, tenants.name, tenants.country, tenants.currency, tenants.plan," \
  " tenants.mode, tenants.onboarded, tenants.countries, tenants.window_start_minute," \
  " tenants.window_end_minute, tenants.concurrent_calls_max, tenants.create_time"

// How many columns that are.
inline constexpr int kTenantColumns = 12;

Tenant ReadTenant(const pg::Row& row);

std::string_view PlanText(Plan plan);
std::string_view ModeText(Mode mode);

}  // namespace latchkey::orchestrator
