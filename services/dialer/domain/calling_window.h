// The calling window: at what time of the callee's day a call may be placed.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "lib/phone/zones.h"

namespace latchkey::dialer {

// Minutes after midnight, in the callee's zone: from `start` until just before `end`.
struct CallingWindow {
  int start = 9 * 60;
  int end = 21 * 60;
};

// True if the window is open in every zone in which a number of `region` may ring. A number does
// not tell its town, so a country of many zones is open only while all of it is. A region without
// known zones is open only for a window without bounds.
bool IsOpen(const CallingWindow& window, const phone::Zones& zones, std::string_view region,
            absl::Time now);

// When it opens next, at most two days ahead; nothing if it does not.
std::optional<absl::Time> NextOpening(const CallingWindow& window, const phone::Zones& zones,
                                      std::string_view region, absl::Time now);

}  // namespace latchkey::dialer
