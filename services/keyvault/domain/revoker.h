// Revoker: ends leases before their time, and moves them to another version of their key.
#pragma once

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/domain/lease_guard.h"
#include "services/keyvault/domain/leased_key.h"
#include "services/keyvault/domain/revocation_store.h"
#include "services/keyvault/domain/ticket.h"

namespace latchkey::keyvault {

// Told when a new key does not work and a lease fell back to the one before: somebody should act.
class FallbackWatch {
 public:
  virtual ~FallbackWatch() = default;
  virtual void OnFallback(const Lease& lease, int refused_version) = 0;
};

// Lives on one io thread. What it is made from outlives it.
class Revoker {
 public:
  Revoker(const secret::Envelope& envelope, RevocationStore& store, LeaseStore& leases,
          LeaseGuard& guard, FallbackWatch& watch)
      : envelope_(envelope), store_(store), leases_(leases), guard_(guard), watch_(watch) {}

  // Ends every live lease of `target`; says how many.
  Task<absl::StatusOr<int>> RevokeAll(const RevocationTarget& target, const Actor& actor);

  // Gives the presenter's lease the other version of its key, sealed to the public key that the
  // lease was granted to. The same request again gives the same.
  //
  //   kNotFound   lease_not_found  no such live lease of the presenter
  //   kAborted    switch_lost_race the key changed at the same moment, again and again
  //   ChooseVersion's errors
  Task<absl::StatusOr<LeasedKey>> Switch(const Presenter& presenter, const LeaseId& lease,
                                         int refused_version);

 private:
  Task<absl::StatusOr<LeasedKey>> Give(const Presenter& presenter, const LeaseId& lease,
                                       const VersionChoice& choice, int refused_version);

  const secret::Envelope& envelope_;
  RevocationStore& store_;
  LeaseStore& leases_;
  LeaseGuard& guard_;
  FallbackWatch& watch_;
};

}  // namespace latchkey::keyvault
