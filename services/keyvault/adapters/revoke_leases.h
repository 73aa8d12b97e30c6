// Ends leases before their time, inside a transaction that the caller commits.
#pragma once

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/pg/transaction.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/revocation.h"

namespace latchkey::keyvault {

// Told by NOTIFY with every commit that holds a revocation.
inline constexpr const char* kRevocationsChannel = "keyvault_revocations";
// Leases, and so audit rows, of one part.
inline constexpr int kRevokedAtOnceMax = 64;

// Ends at most kRevokedAtOnceMax live leases of `target` that were granted until `granted_until`,
// with a revocation and an audit row for each; says how many. Their revocations' numbers are handed
// out in the order of the commits, so nothing is to follow in the transaction but its end, or the
// same again.
Task<absl::StatusOr<int>> RevokeSome(pg::Transaction& transaction, const AuditChain& chain,
                                     const RevocationTarget& target, absl::Time granted_until,
                                     RevocationReason reason, const Actor& actor);

// The same until none is left: for targets whose grants are locked out by the transaction.
Task<absl::StatusOr<int>> RevokeEach(pg::Transaction& transaction, const AuditChain& chain,
                                     const RevocationTarget& target, RevocationReason reason,
                                     const Actor& actor);

}  // namespace latchkey::keyvault
