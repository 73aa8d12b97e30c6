// TenantEvent: something that a tenant is to know and that is no part of a call.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/id.h"

namespace latchkey::orchestrator {

struct EventKind {
  static constexpr std::string_view kPrefix = "evt_", kNoun = "event";
};
using EventId = Id<EventKind>;

struct TenantEvent {
  EventId id;  // Made by whoever records it.
  TenantId tenant;
  std::string kind;  // "key_health_changed"
  absl::Time time;
  std::string message;                         // For people.
  std::map<std::string, std::string> details;  // For programs.
  std::string source;                          // "keyvault"

  friend bool operator==(const TenantEvent&, const TenantEvent&) = default;
};

// One that is kept. Positions count up in the order in which events were recorded.
struct KeptEvent {
  int64_t position = 0;
  TenantEvent event;

  friend bool operator==(const KeptEvent&, const KeptEvent&) = default;
};

inline constexpr size_t kEventKindBytesMax = 64;
inline constexpr size_t kEventMessageBytesMax = 1000;
inline constexpr size_t kEventDetailsMax = 16;
inline constexpr size_t kEventDetailBytesMax = 200;

// kInvalidArgument `malformed_request`.
absl::Status Validate(const TenantEvent& event);

}  // namespace latchkey::orchestrator
