#include "services/orchestrator/domain/tenant_event.h"

#include <algorithm>

#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {

namespace {

bool IsKind(const std::string& text) {
  if (text.empty() || text.size() > kEventKindBytesMax) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

absl::Status Validate(const TenantEvent& event) {
  if (!IsKind(event.kind)) {
    return Malformed("kind has 1 to 64 characters of lower_snake_case.");
  }
  if (event.message.empty() || event.message.size() > kEventMessageBytesMax) {
    return Malformed("message has 1 to 1000 characters.");
  }
  if (event.details.size() > kEventDetailsMax) return Malformed("details has at most 16 entries.");
  for (const auto& [name, value] : event.details) {
    if (name.size() > kEventKindBytesMax || value.size() > kEventDetailBytesMax) {
      return Malformed("A detail has a name of at most 64 characters and a value of at most 200.");
    }
  }
  return absl::OkStatus();
}

}  // namespace latchkey::orchestrator
