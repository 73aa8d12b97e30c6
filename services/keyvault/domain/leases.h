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
#include "services/keyvault/domain/ports.h"
#include "services/keyvault/domain/ticket.h"

namespace latchkey::keyvault {

// One key on its way to its caller.
struct LeasedKey {
  struct Field {
    std::string name;
    std::string sealed;
  };
  LeaseId lease;
  KeySlot slot;
  int key_version = 0;
  absl::Time expire_time;
  std::vector<Field> fields;
};

inline constexpr size_t kRenewalsMax = 10'000;

// The only code that opens stored keys for others. Lives on one io thread. What it is made from
// outlives it.
class Leases {
 public:
  // `ttl`: how long a lease lives without being renewed; whole seconds.
  Leases(const secret::Envelope& envelope, LeaseStore& store, const Clock& clock, Random& random,
         absl::Duration ttl)
      : envelope_(envelope), store_(store), clock_(clock), random_(random), ttl_(ttl) {}

  // Leases the keys that a ticket grants, each field sealed to `public_key` with the lease as
  // additional data. They are committed, with their audit rows, before they leave. The same ticket
  // with the same public key gives the same leases again; with another it is a replay, which is
  // audited too.
  //
  //   CheckTicket's errors
  //   kPermissionDenied  ticket_replayed  presented before with another public key
  //   kPermissionDenied  ticket_expired   presented before, and its leases have ended
  //   kNotFound          key_not_found    a granted key is gone; nothing was leased
  //   kInvalidArgument   malformed_public_key
  Task<absl::StatusOr<std::vector<LeasedKey>>> Lease(const Ticket& ticket,
                                                     const Presenter& presenter,
                                                     const secret::BoxPublicKey& public_key);

  // Renews the presenter's leases, all in one. Those that are not in the answer have ended.
  // kInvalidArgument `malformed_request`: more than kRenewalsMax.
  Task<absl::StatusOr<std::vector<Renewal>>> Renew(const Presenter& presenter,
                                                   const std::vector<LeaseId>& ids);

  // Ends the presenter's leases of a call; says how many were live.
  Task<absl::StatusOr<int>> Release(const Presenter& presenter, const CallId& call);

 private:
  Task<absl::Status> Refuse(const Ticket& ticket, const Presenter& presenter, absl::Status why);
  Task<absl::Status> CheckAndAuditRepeat(const LeaseApplication& application,
                                         const TicketLeases& found);
  absl::StatusOr<LeasedKey> SealFor(const keyvault::Lease& lease,
                                    const secret::BoxPublicKey& public_key) const;

  const secret::Envelope& envelope_;
  LeaseStore& store_;
  const Clock& clock_;
  Random& random_;
  const absl::Duration ttl_;
};

}  // namespace latchkey::keyvault
