// PostgresCallEventStore: call events in the tables calls and call_events.
#pragma once

#include "lib/pg/pool.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

class PostgresCallEventStore final : public CallEventStore {
 public:
  explicit PostgresCallEventStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::Status> Append(const std::string& source,
                            const std::vector<CallEvent>& events) override;
  Task<absl::StatusOr<EventPage>> Read(const TenantId& tenant, const CallId& call, int64_t position,
                                       int limit) override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::orchestrator
