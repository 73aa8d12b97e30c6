#include "services/orchestrator/domain/onboarding_state.h"

#include <algorithm>

#include "fmt/format.h"

namespace latchkey::orchestrator {
namespace {

constexpr Provider kAi[] = {Provider::kAnthropic, Provider::kCartesia, Provider::kDeepgram};
constexpr Provider kCarriers[] = {Provider::kTwilio, Provider::kExotel};

ProviderOnboarding Judge(Provider provider, const std::vector<SavedKey>& keys) {
  ProviderOnboarding judged;
  judged.provider = provider;
  const auto key = std::find_if(keys.begin(), keys.end(), [provider](const SavedKey& saved) {
    return saved.provider == provider;
  });
  if (key == keys.end()) return judged;
  judged.state = key->valid ? ProviderState::kValidated : ProviderState::kInvalid;
  judged.preview = key->preview;
  judged.validate_time = key->validate_time;
  return judged;
}

std::string WhatToDo(const ProviderOnboarding& judged) {
  const std::string_view label = provider::Describe(judged.provider).label;
  if (judged.state == ProviderState::kInvalid) {
    return fmt::format("{} has rejected the saved key since. Save a new one.", label);
  }
  return fmt::format("No {} key is saved. Save one.", label);
}

}  // namespace

OnboardingState JudgeOnboarding(const Tenant& tenant, const std::vector<SavedKey>& keys) {
  OnboardingState state;
  state.mode = tenant.mode;
  state.onboarded = tenant.onboarded;
  for (const Provider provider : kAi) {
    state.providers.push_back(Judge(provider, keys));
    const ProviderOnboarding& judged = state.providers.back();
    if (judged.state == ProviderState::kValidated) continue;
    state.missing_names.emplace_back(provider::Name(provider));
    state.missing_sentences.push_back(WhatToDo(judged));
  }
  bool carrier = false;
  for (const Provider provider : kCarriers) {
    state.providers.push_back(Judge(provider, keys));
    carrier = carrier || state.providers.back().state == ProviderState::kValidated;
  }
  if (!carrier) {
    state.missing_names.emplace_back("twilio|exotel");
    state.missing_sentences.emplace_back(
        "No valid carrier key is saved. Save Twilio's or Exotel's.");
  }
  return state;
}

}  // namespace latchkey::orchestrator
