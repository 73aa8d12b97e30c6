#include "services/orchestrator/domain/onboarding.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "lib/base/error.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {

Onboarding::Onboarding(TenantStore& tenants, KeyCatalogue& keys) : tenants_(tenants), keys_(keys) {}

Task<absl::StatusOr<OnboardingState>> Onboarding::Get(const TenantId& tenant) {
  absl::StatusOr<Tenant> found = co_await tenants_.Find(tenant);
  if (!found.ok()) co_return found.status();
  absl::StatusOr<std::vector<SavedKey>> keys = co_await keys_.List(tenant);
  if (!keys.ok()) co_return keys.status();
  co_return JudgeOnboarding(*found, *keys);
}

Task<absl::StatusOr<Tenant>> Onboarding::Complete(const TenantId& tenant) {
  absl::StatusOr<OnboardingState> state = co_await Get(tenant);
  if (!state.ok()) co_return state.status();
  if (!state->onboarded && !state->missing_names.empty()) {
    co_return Error(absl::StatusCode::kFailedPrecondition, reasons::kOnboardingIncomplete,
                    fmt::format("{}", fmt::join(state->missing_sentences, " ")),
                    {{"missing", fmt::format("{}", fmt::join(state->missing_names, ","))}});
  }
  TenantChange change;
  change.onboarded = true;
  co_return co_await tenants_.Change(tenant, change);
}

}  // namespace latchkey::orchestrator
