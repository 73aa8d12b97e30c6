// The fleet: media instances as their heartbeats tell, and which one gets the next call.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>

#include "absl/time/time.h"

namespace latchkey::dialer {

// An instance that has been silent for so long is dead.
inline constexpr absl::Duration kSilenceMax = absl::Seconds(10);

struct MediaInstance {
  std::string name;     // "m1"
  std::string address;  // host:port
  std::string incarnation;
  int64_t capacity = 0;
  int64_t live_calls = 0;  // The larger of what it told and what the records say.
  bool draining = false;
  absl::Time heartbeat_time;
};

bool IsAlive(const MediaInstance& instance, absl::Time now);

// The instance with the most room, relative to its capacity; nothing if none of those that are
// alive and not draining has any. `refused` are not asked again.
std::optional<MediaInstance> Choose(std::span<const MediaInstance> fleet, absl::Time now,
                                    const std::set<std::string>& refused = {});

}  // namespace latchkey::dialer
