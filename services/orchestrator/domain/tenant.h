// Tenant: a customer of the platform, its plan, its mode, and the rules of its calls.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/id.h"

namespace latchkey::orchestrator {

struct ApiKeyKind {
  static constexpr std::string_view kPrefix = "apk_", kNoun = "API key";
};
using ApiKeyId = Id<ApiKeyKind>;

// What a tenant pays for.
enum class Plan { kFree, kPro, kByok };

// Whose keys a tenant's composed calls use.
enum class Mode { kBundled, kByok };

// Where and when a tenant's calls may go.
struct CallingRules {
  std::vector<std::string> countries;  // ISO 3166; empty: the tenant's own only.
  int window_start_minute = 540;       // After midnight in the callee's zone.
  int window_end_minute = 1260;
  int concurrent_calls_max = 10;

  friend bool operator==(const CallingRules&, const CallingRules&) = default;
};

struct Tenant {
  TenantId id;
  std::string name;
  std::string country;   // ISO 3166, "US"
  std::string currency;  // ISO 4217, "USD"
  Plan plan = Plan::kFree;
  Mode mode = Mode::kBundled;
  bool onboarded = false;
  CallingRules rules;
  absl::Time create_time;

  friend bool operator==(const Tenant&, const Tenant&) = default;
};

// What of a tenant changes; what is not set stays.
struct TenantChange {
  std::optional<Plan> plan;
  std::optional<Mode> mode;
  std::optional<bool> onboarded;
  std::optional<CallingRules> rules;
};

// An API key without its secret.
struct ApiKey {
  ApiKeyId id;
  TenantId tenant;
  std::string label;
  absl::Time create_time;
};

// Whose an API key is.
struct Principal {
  Tenant tenant;
  ApiKeyId api_key;
};

// Only the plan BYOK has a rate for composed calls on the tenant's own keys.
bool IncludesByokMode(Plan plan);

// A number's own key: on Pro it changes the rate, on BYOK it comes before the tenant's.
bool IncludesNumberKeys(Plan plan);

// kInvalidArgument `malformed_request`: the message names the field.
absl::Status Validate(const Tenant& tenant);
absl::Status Validate(const CallingRules& rules);
absl::Status ValidateRequestId(std::string_view request_id);
absl::Status ValidateLabel(std::string_view label);

}  // namespace latchkey::orchestrator
