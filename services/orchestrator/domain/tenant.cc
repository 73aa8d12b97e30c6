#include "services/orchestrator/domain/tenant.h"

#include <algorithm>

#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr size_t kNameBytesMax = 200;
constexpr size_t kLabelBytesMax = 100;
constexpr size_t kRequestIdBytesMax = 64;
constexpr size_t kCountriesMax = 300;  // ISO 3166 has 249.
constexpr int kMinutesOfDay = 1440;
constexpr int kConcurrentCallsMax = 1000;

bool IsCapitals(std::string_view text, size_t length) {
  return text.size() == length &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

bool IncludesByokMode(Plan plan) { return plan == Plan::kByok; }

bool IncludesNumberKeys(Plan plan) { return plan != Plan::kFree; }

absl::Status Validate(const CallingRules& rules) {
  if (rules.countries.size() > kCountriesMax) return Malformed("There are too many countries.");
  for (const std::string& country : rules.countries) {
    if (!IsCapitals(country, 2)) {
      return Malformed("A country is two capital letters, such as US.");
    }
  }
  if (rules.window_start_minute < 0 || rules.window_start_minute >= rules.window_end_minute ||
      rules.window_end_minute > kMinutesOfDay) {
    return Malformed("The calling window goes from 0 to 1440 minutes, its start before its end.");
  }
  if (rules.concurrent_calls_max < 1 || rules.concurrent_calls_max > kConcurrentCallsMax) {
    return Malformed("concurrent_calls_max is 1 to 1000.");
  }
  return absl::OkStatus();
}

absl::Status Validate(const Tenant& tenant) {
  if (tenant.name.empty() || tenant.name.size() > kNameBytesMax) {
    return Malformed("A tenant's name has 1 to 200 characters.");
  }
  if (!IsCapitals(tenant.country, 2)) {
    return Malformed("A country is two capital letters, such as US.");
  }
  if (!IsCapitals(tenant.currency, 3)) {
    return Malformed("currency_code is three capital letters, such as USD.");
  }
  return Validate(tenant.rules);
}

absl::Status ValidateRequestId(std::string_view request_id) {
  if (!request_id.empty() && request_id.size() <= kRequestIdBytesMax) return absl::OkStatus();
  return Malformed("request_id has 1 to 64 characters.");
}

absl::Status ValidateLabel(std::string_view label) {
  if (label.size() <= kLabelBytesMax) return absl::OkStatus();
  return Malformed("A label has at most 100 characters.");
}

}  // namespace latchkey::orchestrator
