// Everything that can go wrong in orchestrator. Reasons are for programs and stable for ever.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace latchkey::orchestrator {
namespace reasons {

// InvalidArgument: a field of the request is missing or out of range; the message says which.
inline constexpr std::string_view kMalformedRequest = "malformed_request";
// InvalidArgument: a phone number is not E.164.
inline constexpr std::string_view kMalformedNumber = "malformed_number";
// NotFound: no such tenant.
inline constexpr std::string_view kTenantNotFound = "tenant_not_found";
// NotFound: no such API key.
inline constexpr std::string_view kApiKeyNotFound = "api_key_not_found";
// Unauthenticated: no such API key, or it was revoked.
inline constexpr std::string_view kApiKeyUnknown = "api_key_unknown";
// NotFound: the tenant has no such number.
inline constexpr std::string_view kNumberNotFound = "number_not_found";
// AlreadyExists: another number of the platform has this E.164.
inline constexpr std::string_view kNumberTaken = "number_taken";
// FailedPrecondition: the tenant's plan does not include BYOK mode.
inline constexpr std::string_view kPlanRequired = "plan_required";
// FailedPrecondition: CompleteOnboarding misses keys; metadata `missing`: providers, by comma.
inline constexpr std::string_view kOnboardingIncomplete = "onboarding_incomplete";
// Unavailable: the keys' states are not known now.
inline constexpr std::string_view kKeyvaultUnreachable = "keyvault_unreachable";
// NotFound: the tenant has no events of such a call.
inline constexpr std::string_view kCallNotFound = "call_not_found";
// NotFound: the call was not recorded, or the recording was erased.
inline constexpr std::string_view kRecordingNotFound = "recording_not_found";
// Unavailable: nothing was written; repeat the call.
inline constexpr std::string_view kPostgresUnavailable = "postgres_unavailable";

}  // namespace reasons

// kInvalidArgument `malformed_request`. `message` names the field and what is wanted.
absl::Status Malformed(std::string_view message);
absl::Status TenantNotFound();
absl::Status NumberNotFound();
absl::Status CallNotFound();
absl::Status RecordingNotFound();

}  // namespace latchkey::orchestrator
