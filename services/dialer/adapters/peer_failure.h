// What a failed RPC to another service means to our caller.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {

// Longer than any of our peers takes for a lookup; short enough for three in a row.
inline constexpr absl::Duration kLookupDeadline = absl::Seconds(3);

// No verdict, for whatever reason, becomes kUnavailable `peer_unreachable`, with the service's
// name; a verdict stays as it is.
inline absl::Status PeerFailure(const absl::Status& status, std::string_view peer) {
  if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) return status;
  return Error(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable,
               "Another service is out of reach. Try again in a few seconds.",
               {{"peer", std::string(peer)}});
}

}  // namespace latchkey::dialer
