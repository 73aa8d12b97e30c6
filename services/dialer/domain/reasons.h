// Everything that can go wrong in dialer. Reasons are for programs and stable for ever.
#pragma once

#include <string_view>

namespace latchkey::dialer::reasons {

// InvalidArgument: the request can never work.
inline constexpr std::string_view kMalformedRequest = "malformed_request";
inline constexpr std::string_view kMalformedNumber = "malformed_number";
inline constexpr std::string_view kNumberNotCallable = "number_not_callable";

// NotFound.
inline constexpr std::string_view kNumberNotFound = "number_not_found";
inline constexpr std::string_view kCallNotFound = "call_not_found";

// FailedPrecondition: something has to be done first.
inline constexpr std::string_view kOnboardingIncomplete = "onboarding_incomplete";
inline constexpr std::string_view kKeyMissing = "key_missing";
inline constexpr std::string_view kKeyInvalid = "key_invalid";
inline constexpr std::string_view kKeyExhausted = "key_exhausted";
inline constexpr std::string_view kNoNumber = "no_number";
inline constexpr std::string_view kRateMissing = "rate_missing";
inline constexpr std::string_view kOutsideCallingWindow = "outside_calling_window";

// FailedPrecondition, when a carrier is told where a number's calls go: media's words.
inline constexpr std::string_view kNumberNotOwned = "number_not_owned";
inline constexpr std::string_view kCarrierRefused = "carrier_refused";
inline constexpr std::string_view kCarrierUnreachable = "carrier_unreachable";

// PermissionDenied: may not be called, or may not be told.
inline constexpr std::string_view kCountryNotAllowed = "country_not_allowed";
inline constexpr std::string_view kEmergencyNumber = "emergency_number";
inline constexpr std::string_view kPremiumNumber = "premium_number";
inline constexpr std::string_view kOnDncList = "on_dnc_list";
inline constexpr std::string_view kCarrierSignatureInvalid = "carrier_signature_invalid";
inline constexpr std::string_view kCallForeign = "call_foreign";

// ResourceExhausted: a limit.
inline constexpr std::string_view kTenantConcurrency = "tenant_concurrency";
inline constexpr std::string_view kFleetFull = "fleet_full";

// AlreadyExists: the same request_id with another content.
inline constexpr std::string_view kRequestIdReused = "request_id_reused";

// Unavailable: nothing was done, or it is unknown; repeat with the same request id.
inline constexpr std::string_view kPostgresUnavailable = "postgres_unavailable";
inline constexpr std::string_view kPeerUnreachable = "peer_unreachable";

// FailedPrecondition, at start: tzdata is not installed.
inline constexpr std::string_view kZonesMissing = "zones_missing";

// Internal: our own bug, or another service's.
inline constexpr std::string_view kMalformedResponse = "malformed_response";
inline constexpr std::string_view kMalformedOutboxMessage = "malformed_outbox_message";

// What a carrier is told that asks again about an inbound call which is over.
inline constexpr std::string_view kCallOver = "call_over";
// On the record of an inbound call whose caller hung up before the agent spoke.
inline constexpr std::string_view kCallerHungUp = "caller_hung_up";

// On the record of a call that ended without a word from the instance that ran it.
inline constexpr std::string_view kMediaLost = "media_lost";
// On the record of a call that its tenant ended.
inline constexpr std::string_view kEndedByTenant = "ended_by_tenant";

}  // namespace latchkey::dialer::reasons
