#include "services/orchestrator/domain/tenant_events.h"

#include <limits>

namespace latchkey::orchestrator {

Task<absl::Status> TenantEvents::Record(const TenantEvent& event) {
  if (absl::Status valid = Validate(event); !valid.ok()) co_return valid;
  co_return co_await store_.Add(event);
}

Task<absl::StatusOr<TenantEventPage>> TenantEvents::List(const TenantId& tenant,
                                                         std::optional<int64_t> before, int limit) {
  const int64_t bound = before.value_or(std::numeric_limits<int64_t>::max());
  // One more than asked for tells whether there is a next page.
  absl::StatusOr<std::vector<KeptEvent>> found = co_await store_.List(tenant, bound, limit + 1);
  if (!found.ok()) co_return found.status();
  TenantEventPage page;
  const bool more = found->size() > static_cast<size_t>(limit);
  if (more) found->pop_back();
  if (more) page.next = found->back().position;
  for (KeptEvent& kept : *found) page.events.push_back(std::move(kept.event));
  co_return page;
}

}  // namespace latchkey::orchestrator
