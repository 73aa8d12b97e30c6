// Everything that can go wrong in keyvault, by the reason that programs see. Stable for ever.
#pragma once

#include <string_view>

namespace latchkey::keyvault::reason {

// Saving and testing a key.
inline constexpr std::string_view kByokKeyInvalid = "byok_key_invalid";  // Metadata `reason`.
inline constexpr std::string_view kMalformedRequest = "malformed_request";
inline constexpr std::string_view kIntakeKeyUnknown = "intake_key_unknown";
inline constexpr std::string_view kProviderUnreachable = "provider_unreachable";
inline constexpr std::string_view kProviderRateLimited = "provider_rate_limited";
inline constexpr std::string_view kSaveLostRace = "save_lost_race";
inline constexpr std::string_view kProbeLimit = "probe_limit";  // Metadata `retry_after_seconds`.

// Any use of a stored key.
inline constexpr std::string_view kKeyNotFound = "key_not_found";  // Metadata `provider`.

// Signing secrets.
inline constexpr std::string_view kSigningSecretMissing = "signing_secret_missing";
inline constexpr std::string_view kSigningSecretSet = "signing_secret_set";

// Starting. Those of the root key are in lib/secret/key_ring.h and envelope.h.
inline constexpr std::string_view kKeyFileUnusable = "key_file_unusable";

// Leasing.
inline constexpr std::string_view kTicketForged = "ticket_forged";
inline constexpr std::string_view kTicketForeign = "ticket_foreign";
inline constexpr std::string_view kTicketExpired = "ticket_expired";
inline constexpr std::string_view kTicketReplayed = "ticket_replayed";
inline constexpr std::string_view kCallEnded = "call_ended";
inline constexpr std::string_view kCallerFrozen = "caller_frozen";
inline constexpr std::string_view kLeaseForeign = "lease_foreign";  // In audit and metrics only.
inline constexpr std::string_view kLeaseLimit = "lease_limit";  // Metadata `retry_after_seconds`.

// Switching a lease to its key's other version.
inline constexpr std::string_view kLeaseNotFound = "lease_not_found";
inline constexpr std::string_view kNoOtherVersion = "no_other_version";
inline constexpr std::string_view kVersionAlreadySwitched = "version_already_switched";
inline constexpr std::string_view kSwitchLostRace = "switch_lost_race";

// Ending the leases of a key or tenant that goes.
inline constexpr std::string_view kRevocationLostRace = "revocation_lost_race";

// Root keys and tenants' keys.
inline constexpr std::string_view kRootKeyNeeded = "root_key_needed";  // Metadata `rows`.
inline constexpr std::string_view kRootKeyRetired = "root_key_retired";
inline constexpr std::string_view kRootKeyUnknown = "root_key_unknown";
inline constexpr std::string_view kTenantNotFound = "tenant_not_found";

// Events on their way to orchestrator.
inline constexpr std::string_view kMalformedOutboxMessage = "malformed_outbox_message";

// Audit.
inline constexpr std::string_view kCheckpointsUnreadable = "checkpoints_unreadable";
inline constexpr std::string_view kCheckpointsUnwritable = "checkpoints_unwritable";

}  // namespace latchkey::keyvault::reason
