#include "services/orchestrator/adapters/tenant_message.h"

#include "services/orchestrator/adapters/time_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

pb::Plan PlanMessage(Plan plan) {
  switch (plan) {
    case Plan::kFree:
      return pb::PLAN_FREE;
    case Plan::kPro:
      return pb::PLAN_PRO;
    case Plan::kByok:
      return pb::PLAN_BYOK;
  }
  return pb::PLAN_UNSPECIFIED;
}

pb::OnboardingMode ModeMessage(Mode mode) {
  return mode == Mode::kByok ? pb::ONBOARDING_MODE_BYOK : pb::ONBOARDING_MODE_BUNDLED;
}

pb::ProviderState StateMessage(ProviderState state) {
  switch (state) {
    case ProviderState::kMissing:
      return pb::PROVIDER_STATE_MISSING;
    case ProviderState::kValidated:
      return pb::PROVIDER_STATE_VALIDATED;
    case ProviderState::kInvalid:
      return pb::PROVIDER_STATE_INVALID;
  }
  return pb::PROVIDER_STATE_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<Plan> ParsePlan(pb::Plan plan) {
  if (plan == pb::PLAN_FREE) return Plan::kFree;
  if (plan == pb::PLAN_PRO) return Plan::kPro;
  if (plan == pb::PLAN_BYOK) return Plan::kByok;
  return Malformed("plan is PLAN_FREE, PLAN_PRO or PLAN_BYOK.");
}

absl::StatusOr<Mode> ParseMode(pb::OnboardingMode mode) {
  if (mode == pb::ONBOARDING_MODE_BUNDLED) return Mode::kBundled;
  if (mode == pb::ONBOARDING_MODE_BYOK) return Mode::kByok;
  return Malformed("mode is ONBOARDING_MODE_BUNDLED or ONBOARDING_MODE_BYOK.");
}

CallingRules ParseRules(const pb::CallingRules& message) {
  CallingRules rules;
  rules.countries.assign(message.countries().begin(), message.countries().end());
  if (message.window_start_minute() != 0 || message.window_end_minute() != 0) {
    rules.window_start_minute = message.window_start_minute();
    rules.window_end_minute = message.window_end_minute();
  }
  if (message.concurrent_calls_max() != 0) {
    rules.concurrent_calls_max = message.concurrent_calls_max();
  }
  return rules;
}

absl::StatusOr<NewTenant> ParseNewTenant(const pb::CreateTenantRequest& request) {
  absl::StatusOr<Plan> plan = ParsePlan(request.plan());
  if (!plan.ok()) return plan.status();
  NewTenant wanted;
  wanted.request_id = request.request_id();
  wanted.name = request.name();
  wanted.country = request.country();
  wanted.currency = request.currency_code();
  wanted.plan = *plan;
  wanted.rules = ParseRules(request.rules());
  return wanted;
}

void FillTenant(const Tenant& tenant, pb::Tenant& message) {
  message.set_tenant_id(tenant.id.text());
  message.set_name(tenant.name);
  message.set_country(tenant.country);
  message.set_currency_code(tenant.currency);
  message.set_plan(PlanMessage(tenant.plan));
  message.set_mode(ModeMessage(tenant.mode));
  message.set_onboarded(tenant.onboarded);
  pb::CallingRules& rules = *message.mutable_rules();
  for (const std::string& country : tenant.rules.countries) rules.add_countries(country);
  rules.set_window_start_minute(tenant.rules.window_start_minute);
  rules.set_window_end_minute(tenant.rules.window_end_minute);
  rules.set_concurrent_calls_max(tenant.rules.concurrent_calls_max);
  FillTime(tenant.create_time, *message.mutable_create_time());
}

void FillOnboarding(const OnboardingState& state, pb::GetOnboardingResponse& message) {
  message.set_mode(ModeMessage(state.mode));
  message.set_onboarded(state.onboarded);
  for (const ProviderOnboarding& provider : state.providers) {
    pb::ProviderOnboarding& told = *message.add_providers();
    told.set_provider(static_cast<latchkey::type::v1::Provider>(provider.provider));
    told.set_state(StateMessage(provider.state));
    told.set_preview(provider.preview);
    if (provider.validate_time.has_value()) {
      FillTime(*provider.validate_time, *told.mutable_validate_time());
    }
    told.set_dormant(state.mode == Mode::kBundled && provider.state != ProviderState::kMissing);
  }
  for (const std::string& sentence : state.missing_sentences) message.add_missing(sentence);
}

}  // namespace latchkey::orchestrator
