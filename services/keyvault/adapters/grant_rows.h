// Grant rows: the statements of granting, for all tickets of a batch at once.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/pg/transaction.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/lease.h"

namespace latchkey::keyvault {

// One ticket of a batch, and what becomes of it.
struct GrantJob {
  explicit GrantJob(const LeaseApplication& its_application) : application(its_application) {}
  size_t rows() const { return application.ticket.grants.size(); }

  const LeaseApplication& application;
  absl::StatusOr<TicketLeases> result = absl::InternalError("not executed");
};

// Inserts the leases of every job of which nothing stands in the way, and tells the others what
// does. Nothing is committed, and nothing may be if this fails. kAborted `transaction_aborted`: two
// tickets have one nonce and other grants.
Task<absl::Status> InsertGrants(pg::Transaction& transaction, const std::vector<GrantJob*>& jobs);

// A row for each lease that was granted now.
std::vector<AuditRow> AuditRowsOf(const std::vector<GrantJob*>& jobs);

}  // namespace latchkey::keyvault
