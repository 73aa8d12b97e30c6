// Settlement: finds out how a call of a dead instance ended, and ends it if it has not.
#pragma once

#include <string>

#include "lib/base/clock.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

struct LostCall {
  std::string call_id;
  std::string carrier_call_id;  // "" when the instance died before it was known.
  std::string from;
  std::string to;
  absl::Time placed_after;
};

// What the carrier says of it. kUnavailable `carrier_unreachable`: not settled, ask again.
Task<absl::StatusOr<Outcome>> Settle(const LostCall& call, Carrier& carrier, Clock& clock);

}  // namespace latchkey::media
