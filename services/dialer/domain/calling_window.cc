#include "services/dialer/domain/calling_window.h"

#include <algorithm>
#include <vector>

namespace latchkey::dialer {
namespace {

constexpr int kDayMinutes = 24 * 60;
// Every zone's offset from UTC is a multiple of 15 minutes (tzdata, since 1972), so windows open at
// the same minutes of a quarter everywhere.
constexpr int kQuarterMinutes = 15;
constexpr int kAheadQuarters = 2 * kDayMinutes / kQuarterMinutes;

}  // namespace

bool IsOpen(const CallingWindow& window, const phone::Zones& zones, std::string_view region,
            absl::Time now) {
  if (window.start <= 0 && window.end >= kDayMinutes) return true;
  const std::vector<int> minutes = zones.MinutesOfDay(region, now);
  if (minutes.empty()) return false;
  return std::all_of(minutes.begin(), minutes.end(),
                     [&](int minute) { return window.start <= minute && minute < window.end; });
}

std::optional<absl::Time> NextOpening(const CallingWindow& window, const phone::Zones& zones,
                                      std::string_view region, absl::Time now) {
  const absl::Duration quarter = absl::Minutes(kQuarterMinutes);
  const absl::Duration since_epoch = now - absl::UnixEpoch();
  const absl::Time first = absl::UnixEpoch() + absl::Floor(since_epoch, quarter) +
                           absl::Minutes(window.start % kQuarterMinutes);
  for (int i = 0; i <= kAheadQuarters; ++i) {
    const absl::Time candidate = first + i * quarter;
    if (candidate >= now && IsOpen(window, zones, region, candidate)) return candidate;
  }
  return std::nullopt;
}

}  // namespace latchkey::dialer
