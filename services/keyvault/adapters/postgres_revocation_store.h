// RevocationStore in Postgres, schema keyvault. Time is the database's.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/revocation_store.h"

namespace latchkey::keyvault {

// The pool and the chain outlive it.
class PostgresRevocationStore final : public RevocationStore {
 public:
  PostgresRevocationStore(pg::Pool& pool, const AuditChain& chain) : pool_(pool), chain_(chain) {}

  Task<absl::StatusOr<int>> Revoke(const RevocationTarget& target, RevocationReason reason,
                                   const Actor& actor) override;
  Task<absl::StatusOr<int64_t>> Head() override;
  Task<absl::StatusOr<std::vector<Revocation>>> List(const std::string& caller, int64_t cursor,
                                                     int limit) override;
  Task<absl::StatusOr<std::optional<HeldVersion>>> FindHeld(const std::string& caller,
                                                            const LeaseId& id) override;
  Task<absl::StatusOr<bool>> Switch(const HeldVersion& held, const VersionChoice& to) override;
  Task<absl::StatusOr<Lease>> GetLease(const std::string& caller, const LeaseId& id) override;
  Task<absl::Status> SweepRevocations() override;

 private:
  pg::Pool& pool_;
  const AuditChain& chain_;
};

}  // namespace latchkey::keyvault
