// ProbeBudget in Postgres, schema keyvault: one for all replicas, by the database's clock.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/domain/probe_budget.h"

namespace latchkey::keyvault {

// The pool outlives it.
class PostgresProbeBudget final : public ProbeBudget {
 public:
  PostgresProbeBudget(pg::Pool& pool, int64_t per_minute, int64_t per_day)
      : pool_(pool), per_minute_(per_minute), per_day_(per_day) {}

  Task<absl::Status> Take(const TenantId& tenant) override;

 private:
  pg::Pool& pool_;
  const int64_t per_minute_;
  const int64_t per_day_;
};

}  // namespace latchkey::keyvault
