// FreezeStore in Postgres, schema keyvault.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/lease_guard.h"

namespace latchkey::keyvault {

// The pool and the chain outlive it.
class PostgresFreezeStore final : public FreezeStore {
 public:
  PostgresFreezeStore(pg::Pool& pool, const AuditChain& chain) : pool_(pool), chain_(chain) {}

  Task<absl::StatusOr<bool>> Freeze(const std::string& caller, const Actor& actor) override;
  Task<absl::StatusOr<bool>> Unfreeze(const std::string& caller, const Actor& actor) override;
  Task<absl::StatusOr<std::set<std::string>>> ListFrozen() override;

 private:
  Task<absl::StatusOr<bool>> Change(const pg::Statement& statement, const std::string& caller,
                                    AuditRow row);

  pg::Pool& pool_;
  const AuditChain& chain_;
};

}  // namespace latchkey::keyvault
