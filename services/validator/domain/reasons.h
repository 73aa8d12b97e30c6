// Everything that can go wrong in validator, for programs. Stable for ever.
//
// A rejected key is not an error: it is a Verdict (verdict.h) with a Rejection.
#pragma once

namespace latchkey::validator {

// kInvalidArgument: not what the provider's catalogue entry asks for, or badly sealed.
inline constexpr char kMalformedRequest[] = "malformed_request";
// kUnavailable: no verdict; the provider is out of reach, or failed by itself.
inline constexpr char kProviderUnreachable[] = "provider_unreachable";
// kUnavailable: no verdict; the provider asks us to come back later. Metadata
// `retry_after_seconds` where it says when.
inline constexpr char kProviderRateLimited[] = "provider_rate_limited";

}  // namespace latchkey::validator
