// LeaseStore in Postgres, schema keyvault. Time is the database's.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

// The pool outlives it.
class PostgresLeaseStore final : public LeaseStore {
 public:
  explicit PostgresLeaseStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::StatusOr<TicketLeases>> Grant(const LeaseApplication& application) override;
  Task<absl::StatusOr<std::vector<Renewal>>> Renew(const std::string& caller,
                                                   const std::vector<LeaseId>& ids,
                                                   absl::Duration ttl) override;
  Task<absl::StatusOr<int>> Release(const std::string& caller, const CallId& call) override;
  Task<absl::Status> Write(const AuditRow& row) override;
  Task<absl::Status> Sweep() override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::keyvault
