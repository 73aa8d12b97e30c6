// LeaseAlarm as log lines and metrics.
#pragma once

#include "services/keyvault/domain/lease_guard.h"

namespace latchkey::keyvault {

class LeaseAlarmLog final : public LeaseAlarm {
 public:
  void OnDenial(const AuditRow& row, bool first) override;
  void OnManyTenants(const std::string& caller) override;
  void OnFreeze(const std::string& caller) override;
};

}  // namespace latchkey::keyvault
