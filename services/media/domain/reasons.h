// Everything that can go wrong in media, by its reason: stable, for programs.
#pragma once

#include <string_view>

namespace latchkey::media::reasons {

// Answers to an RPC.
inline constexpr std::string_view kInstanceFull = "instance_full";
inline constexpr std::string_view kInstanceDraining = "instance_draining";
inline constexpr std::string_view kMalformedRequest = "malformed_request";
inline constexpr std::string_view kCallNotFound = "call_not_found";
inline constexpr std::string_view kCarrierUnreachable = "carrier_unreachable";
inline constexpr std::string_view kNumberNotOwned = "number_not_owned";

// Why a call ended.
inline constexpr std::string_view kAgentHungUp = "agent_hung_up";
inline constexpr std::string_view kTransferred = "transferred";
inline constexpr std::string_view kTransferBusy = "transfer_busy";
inline constexpr std::string_view kTransferNoAnswer = "transfer_no_answer";
inline constexpr std::string_view kTransferFailed = "transfer_failed";
inline constexpr std::string_view kCalleeHungUp = "callee_hung_up";
inline constexpr std::string_view kCalleeSilent = "callee_silent";
inline constexpr std::string_view kCallerHungUp = "caller_hung_up";
inline constexpr std::string_view kCallerSilent = "caller_silent";
inline constexpr std::string_view kDurationMax = "call_duration_max";
inline constexpr std::string_view kDrained = "instance_drained";
inline constexpr std::string_view kKeysExpired = "keyvault_unreachable";
inline constexpr std::string_view kKeyRevoked = "key_revoked";
inline constexpr std::string_view kCarrierAccountChanged = "carrier_account_changed";
inline constexpr std::string_view kKeysRefused = "keys_not_leased";
inline constexpr std::string_view kStreamLost = "carrier_stream_lost";
inline constexpr std::string_view kStreamMissing = "carrier_stream_missing";
inline constexpr std::string_view kSettled = "settled_after_loss";

// What became of a tool, beside orchestrator's own reasons.
inline constexpr std::string_view kToolTimeout = "tool_timeout";

// What a provider did; the name of the provider comes before it: "anthropic_rejected_key".
inline constexpr std::string_view kRejectedKey = "rejected_key";
inline constexpr std::string_view kRateLimited = "rate_limited";
inline constexpr std::string_view kNoCredit = "no_credit";
inline constexpr std::string_view kRefusedRequest = "refused_request";
inline constexpr std::string_view kOverloaded = "overloaded";
inline constexpr std::string_view kDropped = "dropped";
inline constexpr std::string_view kTooSlow = "too_slow";
inline constexpr std::string_view kSessionExpired = "session_expired";
inline constexpr std::string_view kModelNotFound = "model_not_found";

// What a carrier answers to a call that it will not place.
inline constexpr std::string_view kCountryNotEnabled = "country_not_enabled";
inline constexpr std::string_view kCallerNumberRefused = "caller_number_refused";
inline constexpr std::string_view kCalleeUnreachable = "callee_unreachable";
inline constexpr std::string_view kTrialRestriction = "carrier_trial_restriction";
inline constexpr std::string_view kCarrierConcurrency = "carrier_concurrency";
inline constexpr std::string_view kCarrierSuspended = "carrier_account_suspended";
inline constexpr std::string_view kCarrierRefused = "carrier_refused";
inline constexpr std::string_view kTwilioRejectedKey = "twilio_rejected_key";
inline constexpr std::string_view kTwilioRateLimited = "twilio_rate_limited";

}  // namespace latchkey::media::reasons
