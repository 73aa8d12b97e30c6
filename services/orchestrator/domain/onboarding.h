// Onboarding: tells how far a BYOK tenant is, and marks it as ready when nothing is missing.
#pragma once

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

// The ports outlive it. Lives on one io thread. Errors as the proto lists them.
class Onboarding {
 public:
  Onboarding(TenantStore& tenants, KeyCatalogue& keys);

  Task<absl::StatusOr<OnboardingState>> Get(const TenantId& tenant);

  // The gate. Once passed it stays passed, in either mode: a key that turns INVALID later stops
  // calls at admission, not here.
  Task<absl::StatusOr<Tenant>> Complete(const TenantId& tenant);

 private:
  TenantStore& tenants_;
  KeyCatalogue& keys_;
};

}  // namespace latchkey::orchestrator
