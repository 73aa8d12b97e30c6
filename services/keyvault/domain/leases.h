// Leases: gives keys to calls, sealed to the instance that runs them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/task.h"
#include "lib/secret/envelope.h"
#include "lib/secret/sealed_box.h"
#include "services/keyvault/domain/lease_guard.h"
#include "services/keyvault/domain/leased_key.h"
#include "services/keyvault/domain/ports.h"
#include "services/keyvault/domain/ticket.h"

namespace latchkey::keyvault {

inline constexpr size_t kRenewalsMax = 10'000;

// The only code that opens stored keys for others. Lives on one io thread. What it is made from
// outlives it.
class Leases {
 public:
  // `ttl`: how long a lease lives without being renewed; whole seconds.
  Leases(const secret::Envelope& envelope, LeaseStore& store, AuditLog& log, LeaseGuard& guard,
         const Clock& clock, Random& random, absl::Duration ttl)
      : envelope_(envelope),
        store_(store),
        log_(log),
        guard_(guard),
        clock_(clock),
        random_(random),
        ttl_(ttl) {}

  // Leases the keys that a ticket grants, each field sealed to `public_key` with the lease as
  // additional data. They are committed, with their audit rows, before they leave. The same ticket
  // with the same public key gives the same leases again; with another it is a replay, which is
  // audited too.
  //
  //   CheckTicket's errors
  //   kPermissionDenied  ticket_replayed  presented before with another public key
  //   kPermissionDenied  ticket_expired   presented before, and its leases have ended
  //   kPermissionDenied  call_ended       to run a call whose leases the presenter has released
  //   LeaseGuard::Admit's errors
  //   kNotFound          key_not_found    a granted key is gone; nothing was leased
  //   kInvalidArgument   malformed_public_key
  Task<absl::StatusOr<std::vector<LeasedKey>>> Lease(const Ticket& ticket,
                                                     const Presenter& presenter,
                                                     const secret::BoxPublicKey& public_key);

  // What becomes of a ticket that carries no signature of dialer's: `why`, audited.
  Task<absl::Status> RefuseForged(const Presenter& presenter, absl::Status why);

  // Renews the presenter's leases, all in one. Those that are not in the answer have ended.
  // kInvalidArgument `malformed_request`: more than kRenewalsMax.
  Task<absl::StatusOr<std::vector<Renewal>>> Renew(const Presenter& presenter,
                                                   const std::vector<LeaseId>& ids);

  // Ends the presenter's leases of a call; says how many were live. Of a call of others it ends
  // none: the presenter is told 0, as of one that has ended, and the attempt is denied and audited.
  Task<absl::StatusOr<int>> Release(const Presenter& presenter, const CallId& call);

  // Denies and audits what `presenter` told of leases that are others'; it is not told.
  Task<void> LookForForeign(const Presenter& presenter, const std::vector<LeaseId>& told_of);

 private:
  Task<absl::Status> Refuse(const Ticket& ticket, const Presenter& presenter, absl::Status why);
  Task<absl::Status> CheckAndAuditRepeat(const LeaseApplication& application,
                                         const TicketLeases& found);

  const secret::Envelope& envelope_;
  LeaseStore& store_;
  AuditLog& log_;
  LeaseGuard& guard_;
  const Clock& clock_;
  Random& random_;
  const absl::Duration ttl_;
};

}  // namespace latchkey::keyvault
