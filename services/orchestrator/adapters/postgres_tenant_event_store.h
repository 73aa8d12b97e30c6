// PostgresTenantEventStore: tenants' events in the table tenant_events.
#pragma once

#include "lib/pg/pool.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

// The pool outlives it.
class PostgresTenantEventStore final : public TenantEventStore {
 public:
  explicit PostgresTenantEventStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::Status> Add(const TenantEvent& event) override;
  Task<absl::StatusOr<std::vector<KeptEvent>>> List(const TenantId& tenant, int64_t before,
                                                    int limit) override;
  Task<absl::StatusOr<int64_t>> DeleteBefore(absl::Time time, int limit) override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::orchestrator
