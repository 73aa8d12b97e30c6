// OnboardingState: a rule that says from a tenant's keys how far its onboarding is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lib/provider/catalogue.h"
#include "services/orchestrator/domain/tenant.h"

namespace latchkey::orchestrator {

// What keyvault tells about a key that holds for the whole tenant.
struct SavedKey {
  Provider provider = Provider::kAnthropic;
  bool valid = false;
  std::string preview;
  absl::Time validate_time;
};

enum class ProviderState { kMissing, kValidated, kInvalid };

struct ProviderOnboarding {
  Provider provider = Provider::kAnthropic;
  ProviderState state = ProviderState::kMissing;
  std::string preview;
  std::optional<absl::Time> validate_time;
};

struct OnboardingState {
  Mode mode = Mode::kBundled;
  bool onboarded = false;
  std::vector<ProviderOnboarding> providers;  // All that composed calls can use.
  std::vector<std::string> missing_names;     // "anthropic"; "twilio|exotel" when neither is there.
  std::vector<std::string> missing_sentences;  // What to do about each.
};

// Composed calls need Anthropic, Cartesia, Deepgram and one carrier, each VALIDATED.
OnboardingState JudgeOnboarding(const Tenant& tenant, const std::vector<SavedKey>& keys);

}  // namespace latchkey::orchestrator
