// TenantMessage: tenants and onboarding between the domain and their messages.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "services/orchestrator/domain/onboarding_state.h"
#include "services/orchestrator/domain/tenants.h"

namespace latchkey::orchestrator {

namespace pb = ::latchkey::orchestrator::v1;

// Each: kInvalidArgument `malformed_request`, the message names the field.
absl::StatusOr<NewTenant> ParseNewTenant(const pb::CreateTenantRequest& request);
absl::StatusOr<Plan> ParsePlan(pb::Plan plan);
absl::StatusOr<Mode> ParseMode(pb::OnboardingMode mode);

// Fields that are 0 get their defaults; a window from 0 to 0 is not set.
CallingRules ParseRules(const pb::CallingRules& message);

void FillTenant(const Tenant& tenant, pb::Tenant& message);
void FillOnboarding(const OnboardingState& state, pb::GetOnboardingResponse& message);

}  // namespace latchkey::orchestrator
