// Audit rows that are written in the transaction that does what they tell of.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/task.h"
#include "lib/pg/transaction.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/audit_chain.h"

namespace latchkey::keyvault {

// How many rows a transaction adds, at most: others of the tenant wait until it ends.
inline constexpr size_t kAuditRowsAtOnceMax = 64;

// Adds `rows` to the ends of their tenants' chains, in their order, at the database's time. Locks
// these chains until the transaction ends, so no row of another table is to be locked after it.
Task<absl::Status> AppendAudit(pg::Transaction& transaction, const AuditChain& chain,
                               const std::vector<AuditRow>& rows);

// A row of the view chained_audit.
ChainedRow ReadChainedRow(const pg::Row& row);

}  // namespace latchkey::keyvault
