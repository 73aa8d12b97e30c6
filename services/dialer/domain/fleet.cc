#include "services/dialer/domain/fleet.h"

namespace latchkey::dialer {
namespace {

bool HasRoom(const MediaInstance& instance) {
  return !instance.draining && instance.live_calls < instance.capacity;
}

// a.live / a.capacity < b.live / b.capacity, without dividing.
bool LessLoaded(const MediaInstance& a, const MediaInstance& b) {
  return a.live_calls * b.capacity < b.live_calls * a.capacity;
}

}  // namespace

bool IsAlive(const MediaInstance& instance, absl::Time now) {
  return now - instance.heartbeat_time < kSilenceMax;
}

std::optional<MediaInstance> Choose(std::span<const MediaInstance> fleet, absl::Time now,
                                    const std::set<std::string>& refused) {
  const MediaInstance* best = nullptr;
  for (const MediaInstance& instance : fleet) {
    if (!IsAlive(instance, now) || !HasRoom(instance) || refused.contains(instance.name)) continue;
    if (best == nullptr || LessLoaded(instance, *best)) best = &instance;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

std::optional<MediaInstance> ChooseForInbound(std::span<const MediaInstance> fleet, absl::Time now,
                                              const Asker& asker,
                                              const std::set<std::string>& refused) {
  std::set<std::string> others = refused;
  for (const MediaInstance& instance : fleet) {
    if (instance.name != asker.name) continue;
    if (asker.has_room && !refused.contains(asker.name)) {
      MediaInstance chosen = instance;
      // Of a restarted one the last heartbeat may be its predecessor's.
      chosen.incarnation = asker.incarnation;
      return chosen;
    }
    others.insert(asker.name);
  }
  return Choose(fleet, now, others);
}

std::optional<MediaInstance> ChooseAny(std::span<const MediaInstance> fleet, absl::Time now) {
  std::optional<MediaInstance> best = Choose(fleet, now);
  for (const MediaInstance& instance : fleet) {
    if (!best.has_value() && IsAlive(instance, now)) best = instance;
  }
  return best;
}

std::optional<MediaInstance> FindLive(std::span<const MediaInstance> fleet, const Call& call,
                                      absl::Time now) {
  for (const MediaInstance& instance : fleet) {
    if (instance.name != call.media_instance) continue;
    if (instance.incarnation == call.media_incarnation && IsAlive(instance, now)) return instance;
  }
  return std::nullopt;
}

}  // namespace latchkey::dialer
