// Ends leases before their time, inside a transaction that the caller commits.
#pragma once

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/pg/pool.h"
#include "lib/pg/transaction.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/revocation.h"

namespace latchkey::keyvault {

// Told by NOTIFY with every commit that holds a revocation.
inline constexpr const char* kRevocationsChannel = "keyvault_revocations";
// Leases, and so audit rows, of one part.
inline constexpr int kRevokedAtOnceMax = 64;
// Of a transaction that has an audit row of its own, too.
inline constexpr int kRevokedWithAnotherMax = kRevokedAtOnceMax - 1;

// Ends every lease of `target` that is live now, with a revocation and an audit row for each, in
// parts that are a transaction each; says how many. After an error some may have ended; the same
// again ends the others.
Task<absl::StatusOr<int>> RevokeInParts(pg::Pool& pool, const AuditChain& chain,
                                        const RevocationTarget& target, RevocationReason reason,
                                        const Actor& actor);

// The last part, for a target whose grants are locked out by the transaction: ends its live leases,
// and says how many. kAborted `revocation_lost_race`: there are more than kRevokedWithAnotherMax,
// granted meanwhile; to be rolled back, and begun anew with RevokeInParts. Revocations' numbers are
// handed out in the order of the commits, so little is to follow in the transaction but its end.
Task<absl::StatusOr<int>> RevokeRest(pg::Transaction& transaction, const AuditChain& chain,
                                     const RevocationTarget& target, RevocationReason reason,
                                     const Actor& actor);

// How often that is begun anew.
inline constexpr int kRevokeAttemptsMax = 5;

}  // namespace latchkey::keyvault
