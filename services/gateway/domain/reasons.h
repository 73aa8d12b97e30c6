// Every reason that gateway itself gives; those of the services behind it pass through unchanged.
#pragma once

#include <string_view>

namespace latchkey::gateway::reason {

// No operation has this path.
inline constexpr std::string_view kRouteNotFound = "route_not_found";
// The path exists with other methods.
inline constexpr std::string_view kMethodNotAllowed = "method_not_allowed";
// No bearer API key, or not one of ours.
inline constexpr std::string_view kApiKeyMissing = "api_key_missing";
// The body is not the JSON object that this operation takes.
inline constexpr std::string_view kMalformedBody = "malformed_body";
// A query parameter or path segment is not what it should be.
inline constexpr std::string_view kMalformedParameter = "malformed_parameter";
// The header Idempotency-Key is missing where a repeated request would place a second call.
inline constexpr std::string_view kIdempotencyKeyMissing = "idempotency_key_missing";

// The account has no such number.
inline constexpr std::string_view kNumberNotFound = "number_not_found";
// A carrier's key was saved, and there was no time left to tell the carrier of this number.
inline constexpr std::string_view kNumberNotTold = "number_not_told";
// The carrier could not be told of a number, and nobody said why.
inline constexpr std::string_view kCarrierNotTold = "carrier_not_told";

}  // namespace latchkey::gateway::reason
