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

}  // namespace latchkey::dialer
