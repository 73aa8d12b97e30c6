// AuditLog in Postgres, schema keyvault.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/adapters/batches.h"
#include "services/keyvault/domain/audit_log.h"

namespace latchkey::keyvault {

// Rows that come at the same time are written in one transaction. The pool and the chain outlive
// it.
class PostgresAuditLog final : public AuditLog {
 public:
  PostgresAuditLog(pg::Pool& pool, const AuditChain& chain);

  Task<absl::Status> Write(const AuditRow& row) override;
  Task<absl::StatusOr<std::vector<ChainedRow>>> List(const TenantId& tenant,
                                                     std::optional<Provider> provider,
                                                     int64_t before, int limit) override;
  Task<absl::StatusOr<std::vector<ChainedRow>>> Walk(const TenantId& tenant, int64_t after,
                                                     int limit) override;
  Task<absl::StatusOr<std::vector<ChainedRow>>> Heads(absl::Time since,
                                                      std::optional<std::string> after,
                                                      int limit) override;

 private:
  struct Job {
    explicit Job(const AuditRow& its_row) : row(its_row) {}
    size_t rows() const { return 1; }
    const AuditRow& row;
    absl::Status result;
  };

  Task<void> WriteAll(std::vector<Job*> jobs);
  Task<absl::Status> Append(const std::vector<Job*>& jobs);
  Task<absl::StatusOr<std::vector<ChainedRow>>> Read(const pg::Statement& statement,
                                                     pg::Params params);

  pg::Pool& pool_;
  const AuditChain& chain_;
  Batches<Job> batches_;
};

}  // namespace latchkey::keyvault
