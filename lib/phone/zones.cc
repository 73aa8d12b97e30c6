#include "lib/phone/zones.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "lib/base/error.h"

namespace latchkey::phone {
namespace {

constexpr int kMinutesPerHour = 60;

absl::Status Missing(std::string_view what) {
  return Error(
      absl::StatusCode::kFailedPrecondition, "zones_missing",
      "The time zone data cannot be read: " + std::string(what) + ". Install the package tzdata.");
}

}  // namespace

absl::StatusOr<Zones> Zones::Load(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Missing(path);
  Zones zones;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::string region;
    std::string coordinates;
    std::string name;
    fields >> region >> coordinates >> name;
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(name, &zone)) return Missing(name);
    zones.by_region_[region].push_back(zone);
  }
  if (zones.by_region_.empty()) return Missing(path);
  return zones;
}

std::vector<int> Zones::MinutesOfDay(std::string_view region, absl::Time time) const {
  std::vector<int> minutes;
  const auto found = by_region_.find(region);
  if (found == by_region_.end()) return minutes;
  for (const absl::TimeZone& zone : found->second) {
    const absl::CivilSecond local = zone.At(time).cs;
    minutes.push_back(local.hour() * kMinutesPerHour + local.minute());
  }
  std::sort(minutes.begin(), minutes.end());
  minutes.erase(std::unique(minutes.begin(), minutes.end()), minutes.end());
  return minutes;
}

}  // namespace latchkey::phone
