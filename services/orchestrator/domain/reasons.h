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
// PermissionDenied: the tenant's plan does not include keys by number.
inline constexpr std::string_view kProRequired = "pro_required";
// FailedPrecondition: CompleteOnboarding misses keys; metadata `missing`: providers, by comma.
inline constexpr std::string_view kOnboardingIncomplete = "onboarding_incomplete";
// Unavailable: the keys' states are not known now.
inline constexpr std::string_view kKeyvaultUnreachable = "keyvault_unreachable";
// NotFound: the tenant has no events of such a call.
inline constexpr std::string_view kCallNotFound = "call_not_found";
// NotFound: the call was not recorded, or the recording was erased.
inline constexpr std::string_view kRecordingNotFound = "recording_not_found";
// NotFound: the number's agent has no such tool.
inline constexpr std::string_view kToolNotFound = "tool_not_found";
// FailedPrecondition: the tenant has no secret to sign with; keyvault's reason.
inline constexpr std::string_view kSigningSecretMissing = "signing_secret_missing";
// PermissionDenied: a tool's host is not one of the open internet, or not reached over TLS.
inline constexpr std::string_view kToolAddressForbidden = "tool_address_forbidden";
// Unavailable: no connection to a tool's host, or no certificate that is trusted.
inline constexpr std::string_view kToolUnreachable = "tool_unreachable";
// Unavailable: a tool's server answered with an error; metadata `status`.
inline constexpr std::string_view kToolFailed = "tool_failed";
// FailedPrecondition: a tool's server redirects.
inline constexpr std::string_view kToolRedirected = "tool_redirected";
// DeadlineExceeded: a tool did not answer in time; unknown whether it was run.
inline constexpr std::string_view kToolTimeout = "tool_timeout";
// ResourceExhausted: a tool's answer is too long.
inline constexpr std::string_view kToolAnswerTooLarge = "tool_answer_too_large";
// InvalidArgument: a tool's answer is no text.
inline constexpr std::string_view kToolAnswerUnreadable = "tool_answer_unreadable";
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
