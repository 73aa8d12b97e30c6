// FallbackLog: tells operators that a new key does not work, by the log and by a metric.
#pragma once

#include "services/keyvault/domain/revoker.h"

namespace latchkey::keyvault {

class FallbackLog final : public FallbackWatch {
 public:
  void OnFallback(const Lease& lease, int refused_version) override;
};

}  // namespace latchkey::keyvault
