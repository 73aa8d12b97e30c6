// The tenants' do-not-call lists in the table dnc.
#pragma once

#include "lib/pg/pool.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class PostgresDncList final : public DncList {
 public:
  explicit PostgresDncList(pg::Pool& pool) : pool_(pool) {}

  Task<absl::Status> Add(const TenantId& tenant, const E164& number) override;
  Task<absl::Status> Remove(const TenantId& tenant, const E164& number) override;
  Task<absl::StatusOr<bool>> Contains(const TenantId& tenant, const E164& number) override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::dialer
