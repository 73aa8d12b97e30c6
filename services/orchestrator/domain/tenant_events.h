// TenantEvents: takes what other services have to tell a tenant, and tells it.
#pragma once

#include <optional>
#include <vector>

#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

struct TenantEventPage {
  std::vector<TenantEvent> events;  // The newest first.
  std::optional<int64_t> next;      // Where the next page begins: before this position.
};

// Lives on one io thread. The store outlives it.
class TenantEvents {
 public:
  explicit TenantEvents(TenantEventStore& store) : store_(store) {}

  // kInvalidArgument `malformed_request`.
  Task<absl::Status> Record(const TenantEvent& event);

  // At most `limit` of those before `before`; nothing: from the newest on.
  Task<absl::StatusOr<TenantEventPage>> List(const TenantId& tenant, std::optional<int64_t> before,
                                             int limit);

 private:
  TenantEventStore& store_;
};

}  // namespace latchkey::orchestrator
