// The fleet: media instances as their heartbeats tell, and which one gets the next call.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>

#include "absl/time/time.h"
#include "services/dialer/domain/call.h"

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

// The instance that asks what becomes of an inbound call.
struct Asker {
  std::string name;
  std::string incarnation;
  bool has_room = false;  // It says so itself, and knows better than the records.
};

// Who runs an inbound call: the asker if it has room, since the carrier is at its door already, or
// else another one; nothing if none has room.
std::optional<MediaInstance> ChooseForInbound(std::span<const MediaInstance> fleet, absl::Time now,
                                              const Asker& asker,
                                              const std::set<std::string>& refused = {});

// For work that takes no room for a call: the one that Choose gives, or else any that is alive.
std::optional<MediaInstance> ChooseAny(std::span<const MediaInstance> fleet, absl::Time now);

// The instance that has the call, if it is alive and has not been restarted since.
std::optional<MediaInstance> FindLive(std::span<const MediaInstance> fleet, const Call& call,
                                      absl::Time now);

}  // namespace latchkey::dialer
