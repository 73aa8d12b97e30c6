// What orchestrator is told about a key whose status changed, as it stands in the outbox.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/id.h"
#include "services/keyvault/domain/key_health.h"

namespace latchkey::keyvault {

struct EventKind {
  static constexpr std::string_view kPrefix = "evt_", kNoun = "event";
};
using EventId = Id<EventKind>;

struct HealthEvent {
  EventId id;
  KeyId key;
  int version = 0;
  KeySlot slot;
  KeyStatus before = KeyStatus::kValid;
  KeyHealth after;
};

// A serialized orchestrator.v1.RecordEventRequest.
std::string EventMessage(const HealthEvent& event);

}  // namespace latchkey::keyvault
