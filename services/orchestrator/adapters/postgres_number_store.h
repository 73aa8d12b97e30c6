// PostgresNumberStore: numbers and their agents in the table numbers.
#pragma once

#include "lib/pg/pool.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

class PostgresNumberStore final : public NumberStore {
 public:
  explicit PostgresNumberStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::StatusOr<Number>> Create(const Number& number, const std::string& request_id) override;
  Task<absl::StatusOr<Number>> Find(const TenantId& tenant, const NumberId& number) override;
  Task<absl::StatusOr<Number>> FindByE164(const E164& e164) override;
  Task<absl::StatusOr<Number>> ReplaceAgent(const TenantId& tenant, const NumberId& number,
                                            const Agent& agent) override;
  Task<absl::StatusOr<std::vector<Number>>> List(const TenantId& tenant,
                                                 const std::optional<NumberId>& after,
                                                 int limit) override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::orchestrator
