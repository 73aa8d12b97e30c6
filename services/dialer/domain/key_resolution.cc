#include "services/dialer/domain/key_resolution.h"

#include <algorithm>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

constexpr Provider kComposedProviders[] = {Provider::kDeepgram, Provider::kAnthropic,
                                           Provider::kCartesia};
constexpr Provider kRealtimeProviders[] = {Provider::kOpenai};
// On this plan a number's key lies dormant.
constexpr std::string_view kPlanWithoutNumberKeys = "free";

std::span<const Provider> AiProviders(const Line& line) {
  if (line.number.agent.pipeline == Pipeline::kRealtime) return kRealtimeProviders;
  return kComposedProviders;
}

const KeyFacts* FindKey(std::span<const KeyFacts> keys, Provider provider, const KeyScope& scope) {
  for (const KeyFacts& key : keys) {
    if (key.provider == provider && key.scope == scope) return &key;
  }
  return nullptr;
}

std::string Label(Provider provider) { return std::string(provider::Describe(provider).label); }

absl::Status Refuse(std::string_view reason, Provider provider, const std::string& message) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, message,
               {{"provider", std::string(provider::Name(provider))}});
}

absl::StatusOr<KeyFacts> Usable(const KeyFacts* key, Provider provider) {
  if (key == nullptr) {
    return Refuse(reasons::kKeyMissing, provider,
                  "There is no " + Label(provider) + " key for this call. Save one and try again.");
  }
  if (!key->valid) {
    return Refuse(reasons::kKeyInvalid, provider,
                  Label(provider) + " rejected the key of this call. Replace it and try again.");
  }
  if (key->exhausted) {
    return Refuse(reasons::kKeyExhausted, provider,
                  "The " + Label(provider) +
                      " account of this call has no credit left. Add credit, revalidate the key "
                      "and try again.");
  }
  return *key;
}

absl::StatusOr<KeyFacts> AiKey(const Line& line, std::span<const KeyFacts> keys,
                               Provider provider) {
  const KeyScope of_number{line.tenant.id, line.number.id};
  const KeyFacts* own = FindKey(keys, provider, of_number);
  if (own != nullptr && line.tenant.plan != kPlanWithoutNumberKeys) return Usable(own, provider);
  const KeyScope of_owner{line.tenant.byok ? line.tenant.id : PlatformTenant(), NumberId()};
  return Usable(FindKey(keys, provider, of_owner), provider);
}

absl::StatusOr<KeyFacts> CarrierKey(const Line& line, std::span<const KeyFacts> keys) {
  const Provider carrier = line.number.carrier;
  const bool platform = line.number.platform_owned;
  const KeyFacts* key = FindKey(keys, carrier, CarrierScope(line));
  if (key == nullptr && !platform && !line.tenant.byok) {
    return Refuse(reasons::kNoNumber, carrier,
                  "There is no number to call from: save the " + Label(carrier) +
                      " key that this number belongs to, or use a number of the platform.");
  }
  return Usable(key, carrier);
}

// Which providers a tenant in BYOK mode still has to bring, by comma.
std::string Missing(const Line& line, std::span<const KeyFacts> keys) {
  std::string missing;
  const auto add = [&](Provider provider, const absl::StatusOr<KeyFacts>& key) {
    if (key.ok()) return;
    if (!missing.empty()) missing += ",";
    missing += provider::Name(provider);
  };
  for (const Provider provider : AiProviders(line)) add(provider, AiKey(line, keys, provider));
  add(line.number.carrier, CarrierKey(line, keys));
  return missing;
}

absl::Status NotOnboarded(const Line& line, std::span<const KeyFacts> keys) {
  const std::string missing = Missing(line, keys);
  const std::string todo =
      missing.empty() ? "Complete it and try again."
                      : "Save a key that works for each of: " + missing + "; then complete it.";
  return Error(absl::StatusCode::kFailedPrecondition, reasons::kOnboardingIncomplete,
               "Onboarding is not complete. " + todo, {{"missing", missing}});
}

// `grants` are those of the AI providers.
BillingMode ModeOf(const Line& line, std::span<const KeyGrant> grants) {
  const bool all_of_number = std::all_of(grants.begin(), grants.end(), [&](const KeyGrant& grant) {
    return grant.scope.number == line.number.id;
  });
  if (all_of_number) return BillingMode::kByokNumber;
  return line.tenant.byok ? BillingMode::kByokTenant : BillingMode::kBundled;
}

}  // namespace

KeyScope CarrierScope(const Line& line) {
  return KeyScope{line.number.platform_owned ? PlatformTenant() : line.tenant.id, NumberId()};
}

absl::StatusOr<KeyScope> ResolveCarrierKey(const Line& line, std::span<const KeyFacts> keys) {
  const absl::StatusOr<KeyFacts> key = CarrierKey(line, keys);
  if (!key.ok()) return key.status();
  return key->scope;
}

absl::StatusOr<ResolvedKeys> ResolveKeys(const Line& line, std::span<const KeyFacts> keys) {
  const bool composed = line.number.agent.pipeline == Pipeline::kComposed;
  if (composed && line.tenant.byok && !line.tenant.onboarded) return NotOnboarded(line, keys);
  ResolvedKeys resolved;
  for (const Provider provider : AiProviders(line)) {
    const absl::StatusOr<KeyFacts> key = AiKey(line, keys, provider);
    if (!key.ok()) return key.status();
    resolved.grants.push_back(KeyGrant{provider, key->scope});
    if (provider != Provider::kAnthropic) continue;
    resolved.llm_scope = key->scope;
    resolved.llm_call_ceiling = key->call_ceiling;
  }
  resolved.mode = ModeOf(line, resolved.grants);
  const absl::StatusOr<KeyFacts> carrier = CarrierKey(line, keys);
  if (!carrier.ok()) return carrier.status();
  resolved.grants.push_back(KeyGrant{line.number.carrier, carrier->scope});
  resolved.carrier_scope = carrier->scope;
  return resolved;
}

}  // namespace latchkey::dialer
