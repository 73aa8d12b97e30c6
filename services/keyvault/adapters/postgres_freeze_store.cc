#include "services/keyvault/adapters/postgres_freeze_store.h"

#include <utility>
#include <vector>

#include "services/keyvault/adapters/audit_rows.h"

namespace latchkey::keyvault {

namespace {

constexpr pg::Statement kFreeze{
    "keyvault_freeze", "INSERT INTO frozen_callers (caller) VALUES ($1) ON CONFLICT DO NOTHING"};
constexpr pg::Statement kUnfreeze{"keyvault_unfreeze",
                                  "DELETE FROM frozen_callers WHERE caller = $1"};
constexpr pg::Statement kList{"keyvault_list_frozen", "SELECT caller FROM frozen_callers"};

}  // namespace

Task<absl::StatusOr<bool>> PostgresFreezeStore::Freeze(const std::string& caller,
                                                       const Actor& actor) {
  AuditRow row(AuditAction::kFreeze, AuditOutcome::kDone, actor, PlatformTenant());
  co_return co_await Change(kFreeze, caller, std::move(row));
}

Task<absl::StatusOr<bool>> PostgresFreezeStore::Unfreeze(const std::string& caller,
                                                         const Actor& actor) {
  AuditRow row(AuditAction::kUnfreeze, AuditOutcome::kDone, actor, PlatformTenant());
  co_return co_await Change(kUnfreeze, caller, std::move(row));
}

Task<absl::StatusOr<bool>> PostgresFreezeStore::Change(const pg::Statement& statement,
                                                       const std::string& caller, AuditRow row) {
  absl::StatusOr<pg::Transaction> begun = co_await pool_.Begin();
  if (!begun.ok()) co_return begun.status();
  pg::Transaction transaction = *std::move(begun);
  absl::StatusOr<pg::Rows> changed = co_await transaction.Query(statement, pg::Params(caller));
  if (!changed.ok()) co_return changed.status();
  if (changed->affected() == 0) co_return false;
  row.reason = caller;  // Whom it is about; its id was checked.
  const std::vector<AuditRow> rows = {std::move(row)};
  absl::Status audited = co_await AppendAudit(transaction, chain_, rows);
  if (!audited.ok()) co_return audited;
  absl::Status committed = co_await transaction.Commit();
  if (!committed.ok()) co_return committed;
  co_return true;
}

Task<absl::StatusOr<std::set<std::string>>> PostgresFreezeStore::ListFrozen() {
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kList, pg::Params());
  if (!rows.ok()) co_return rows.status();
  std::set<std::string> callers;
  for (const pg::Row row : *rows) callers.insert(row.Text(0));
  co_return callers;
}

}  // namespace latchkey::keyvault
