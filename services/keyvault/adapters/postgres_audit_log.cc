#include "services/keyvault/adapters/postgres_audit_log.h"

#include "services/keyvault/adapters/audit_rows.h"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kList{"keyvault_audit_list",
                              "SELECT * FROM chained_audit WHERE tenant_id = $1 AND number < $2"
                              "  ORDER BY number DESC LIMIT $3"};
constexpr pg::Statement kListProvider{
    "keyvault_audit_list_provider",
    "SELECT * FROM chained_audit WHERE tenant_id = $1 AND number < $2"
    "    AND (provider = $4 OR provider IS NULL)"
    "  ORDER BY number DESC LIMIT $3"};
constexpr pg::Statement kWalk{"keyvault_audit_walk",
                              "SELECT * FROM chained_audit WHERE tenant_id = $1 AND number > $2"
                              "  ORDER BY number LIMIT $3"};
constexpr pg::Statement kGrown{"keyvault_audit_grown",
                               "SELECT DISTINCT ON (tenant_id) * FROM chained_audit"
                               "  WHERE time >= $1 AND ($2::text IS NULL OR tenant_id > $2)"
                               "  ORDER BY tenant_id, number DESC LIMIT $3"};

}  // namespace

PostgresAuditLog::PostgresAuditLog(pg::Pool& pool, const AuditChain& chain)
    : pool_(pool), chain_(chain), batches_(kAuditRowsAtOnceMax, [this](std::vector<Job*> jobs) {
        return WriteAll(std::move(jobs));
      }) {}

Task<absl::Status> PostgresAuditLog::Write(const AuditRow& row) {
  Job job(row);
  absl::Status done = co_await batches_.Do(job);
  if (!done.ok()) co_return done;
  co_return job.result;
}

Task<void> PostgresAuditLog::WriteAll(std::vector<Job*> jobs) {
  const absl::Status appended = co_await Append(jobs);
  for (Job* job : jobs) job->result = appended;
}

Task<absl::Status> PostgresAuditLog::Append(const std::vector<Job*>& jobs) {
  std::vector<AuditRow> rows;
  for (const Job* job : jobs) rows.push_back(job->row);
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::Status appended = co_await AppendAudit(transaction, chain_, rows);
  if (!appended.ok()) co_return appended;
  co_return co_await transaction.Commit();
}

Task<absl::StatusOr<std::vector<ChainedRow>>> PostgresAuditLog::List(
    const TenantId& tenant, std::optional<Provider> provider, int64_t before, int limit) {
  if (provider.has_value()) {
    co_return co_await Read(kListProvider,
                            pg::Params(tenant.text(), before, limit, static_cast<int>(*provider)));
  }
  co_return co_await Read(kList, pg::Params(tenant.text(), before, limit));
}

Task<absl::StatusOr<std::vector<ChainedRow>>> PostgresAuditLog::Walk(const TenantId& tenant,
                                                                     int64_t after, int limit) {
  co_return co_await Read(kWalk, pg::Params(tenant.text(), after, limit));
}

Task<absl::StatusOr<std::vector<ChainedRow>>> PostgresAuditLog::Heads(
    absl::Time since, std::optional<std::string> after, int limit) {
  co_return co_await Read(kGrown, pg::Params(since, after, limit));
}

Task<absl::StatusOr<std::vector<ChainedRow>>> PostgresAuditLog::Read(const pg::Statement& statement,
                                                                     pg::Params params) {
  absl::StatusOr<pg::Rows> found = co_await pool_.Query(statement, std::move(params));
  if (!found.ok()) co_return found.status();
  std::vector<ChainedRow> rows;
  for (const pg::Row row : *found) rows.push_back(ReadChainedRow(row));
  co_return rows;
}

}  // namespace latchkey::keyvault
