#include "services/keyvault/adapters/lease_alarm_log.h"

#include "lib/base/log.h"
#include "lib/base/metrics.h"

namespace latchkey::keyvault {

// A line for the first of its minute; all are counted.
void LeaseAlarmLog::OnDenial(const AuditRow& row, bool first) {
  metrics::MakeCounter("latchkey_keyvault_denials_total", "Tickets that gave no key.",
                       {{"reason", row.reason}})
      .Add();
  if (!first) return;
  log::Warn("lease denied", {{"caller", row.actor},
                             {"reason", row.reason},
                             {"tenant_id", row.tenant.text()},
                             {"call_id", row.call}});
}

void LeaseAlarmLog::OnManyTenants(const std::string& caller) {
  metrics::MakeCounter("latchkey_keyvault_fan_outs_total",
                       "Minutes in which one instance leased keys of very many tenants.")
      .Add();
  log::Error("an instance leases for very many tenants", {{"caller", caller}});
}

void LeaseAlarmLog::OnFreeze(const std::string& caller) {
  metrics::MakeCounter("latchkey_keyvault_freezes_total",
                       "Instances that were frozen for tickets that were forged or another's.")
      .Add();
  log::Error("an instance was frozen", {{"caller", caller}});
}

}  // namespace latchkey::keyvault
