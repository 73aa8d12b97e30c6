// PostgresTenantStore: tenants in the table tenants.
#pragma once

#include "lib/pg/pool.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

class PostgresTenantStore final : public TenantStore {
 public:
  explicit PostgresTenantStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::StatusOr<Tenant>> Create(const Tenant& tenant, const std::string& request_id) override;
  Task<absl::StatusOr<Tenant>> Find(const TenantId& tenant) override;
  Task<absl::StatusOr<Tenant>> Change(const TenantId& tenant, const TenantChange& change) override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::orchestrator
