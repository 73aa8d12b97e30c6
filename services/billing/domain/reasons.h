// Everything that can go wrong in billing. Reasons are for programs and stable for ever.
#pragma once

#include <string_view>

namespace latchkey::billing::reasons {

// InvalidArgument: a field of the request is missing or out of range.
inline constexpr std::string_view kMalformedRequest = "malformed_request";
// FailedPrecondition: the operator has set no price for this plan, billing mode and currency.
inline constexpr std::string_view kRateMissing = "rate_missing";
// AlreadyExists: the call was metered before, with other figures.
inline constexpr std::string_view kUsageConflict = "usage_conflict";
// Unavailable: nothing was written; repeat the call.
inline constexpr std::string_view kPostgresUnavailable = "postgres_unavailable";

}  // namespace latchkey::billing::reasons
