// LeaseStore in Postgres, schema keyvault. Time is the database's.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/adapters/batches.h"
#include "services/keyvault/adapters/grant_rows.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

// Grants that come at the same time share a transaction, and so do releases. The pool and the chain
// outlive it.
class PostgresLeaseStore final : public LeaseStore {
 public:
  PostgresLeaseStore(pg::Pool& pool, const AuditChain& chain);

  Task<absl::StatusOr<TicketLeases>> Grant(const LeaseApplication& application) override;
  Task<absl::StatusOr<std::vector<Renewal>>> Renew(const std::string& caller,
                                                   const std::vector<LeaseId>& ids,
                                                   absl::Duration ttl) override;
  Task<absl::StatusOr<int>> Release(const std::string& caller, const CallId& call) override;
  Task<absl::StatusOr<std::vector<ForeignLease>>> FindForeign(
      const std::string& caller, const std::vector<LeaseId>& ids) override;
  Task<absl::StatusOr<std::vector<ForeignLease>>> FindForeignOfCall(const std::string& caller,
                                                                    const CallId& call) override;
  Task<absl::StatusOr<std::vector<LiveLeases>>> CountLive() override;
  Task<absl::Status> Sweep() override;

 private:
  struct ReleaseJob {
    ReleaseJob(const std::string& its_caller, const CallId& its_call)
        : caller(its_caller), call(its_call) {}
    size_t rows() const { return kGrantsMax; }

    const std::string& caller;
    const CallId& call;
    int count = 0;
    absl::Status result;
  };

  Task<void> GrantAll(std::vector<GrantJob*> jobs);
  Task<absl::Status> TryGrant(const std::vector<GrantJob*>& jobs);
  Task<void> ReleaseAll(std::vector<ReleaseJob*> jobs);
  Task<absl::Status> TryRelease(const std::vector<ReleaseJob*>& jobs);
  Task<absl::StatusOr<size_t>> ReleaseSome(const std::vector<ReleaseJob*>& jobs);

  pg::Pool& pool_;
  const AuditChain& chain_;
  Batches<GrantJob> grants_;
  Batches<ReleaseJob> releases_;
};

}  // namespace latchkey::keyvault
