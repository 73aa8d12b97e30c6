// Zones: in which time zones a country lies, and what time it is there.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace latchkey::phone {

// The time zones of every country, as tzdata lists them. A number's country is known, its town is
// not: so a rule about local time has to hold in all of them.
class Zones {
 public:
  // Reads tzdata's table (country, coordinates, zone, comment; tab-separated).
  // kFailedPrecondition `zones_missing`: the file or a zone in it cannot be read.
  static absl::StatusOr<Zones> Load(const std::string& path = "/usr/share/zoneinfo/zone.tab");

  // What the clocks show in `region` ("US") at `time`: minutes since midnight, once for each
  // offset. Empty for a region that tzdata does not know.
  std::vector<int> MinutesOfDay(std::string_view region, absl::Time time) const;

 private:
  std::map<std::string, std::vector<absl::TimeZone>, std::less<>> by_region_;
};

}  // namespace latchkey::phone
