// RevocationStore: where leases end before their time, and where their holders read of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/lease.h"
#include "services/keyvault/domain/revocation.h"
#include "services/keyvault/domain/version_switch.h"

namespace latchkey::keyvault {

// Every error but those named is Postgres' (lib/pg/pool.h). Live is what the store's clock says.
class RevocationStore {
 public:
  virtual ~RevocationStore() = default;

  // Ends every lease of `target` that is live now, with a revocation and an audit row for each, and
  // says how many. Done in parts: after an error some may be revoked; the same again does the rest.
  virtual Task<absl::StatusOr<int>> Revoke(const RevocationTarget& target, RevocationReason reason,
                                           const Actor& actor) = 0;

  // The number of the last revocation of all; 0: there was none. One with a smaller number never
  // appears later.
  virtual Task<absl::StatusOr<int64_t>> Head() = 0;

  // At most `limit` revocations of `caller`'s leases with a number above `cursor`, by number.
  virtual Task<absl::StatusOr<std::vector<Revocation>>> List(const std::string& caller,
                                                             int64_t cursor, int limit) = 0;

  // The caller's live lease and what versions its key has; nothing if there is none.
  virtual Task<absl::StatusOr<std::optional<HeldVersion>>> FindHeld(const std::string& caller,
                                                                    const LeaseId& id) = 0;

  // Makes the lease hold `to` in place of `held.version`, with an audit row. False: it no longer
  // holds that, was switched meanwhile, or `to` is gone; nothing was done.
  virtual Task<absl::StatusOr<bool>> Switch(const HeldVersion& held, const VersionChoice& to) = 0;

  // The caller's live lease with the version that it holds. kNotFound `lease_not_found`.
  virtual Task<absl::StatusOr<Lease>> GetLease(const std::string& caller, const LeaseId& id) = 0;

  // Forgets revocations of more than an hour ago: no lease that they ended could live any more.
  virtual Task<absl::Status> SweepRevocations() = 0;
};

}  // namespace latchkey::keyvault
