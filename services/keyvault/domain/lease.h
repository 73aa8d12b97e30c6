// Leases: who holds which version of a key, for which call, until when.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/id.h"
#include "services/keyvault/domain/key.h"
#include "services/keyvault/domain/ticket.h"

namespace latchkey::keyvault {

// What a lease is granted from: a ticket that was checked, and how it was presented.
struct LeaseApplication {
  LeaseApplication(Ticket its_ticket, std::string caller_spiffe_id, std::string callers_public_key,
                   std::vector<LeaseId> ids, absl::Duration time_to_live)
      : ticket(std::move(its_ticket)),
        caller(std::move(caller_spiffe_id)),
        public_key(std::move(callers_public_key)),
        lease_ids(std::move(ids)),
        ttl(time_to_live) {}

  Ticket ticket;
  std::string caller;              // "spiffe://latchkey/media/m1"
  std::string public_key;          // X25519, 32 bytes.
  std::vector<LeaseId> lease_ids;  // Fresh, one for each grant, in its order.
  absl::Duration ttl;              // Whole seconds.
};

// One lease as it stands in its row.
struct Lease {
  LeaseId id;
  CallId call;
  std::string caller;
  std::string public_key;
  absl::Time expire_time;  // Whole seconds.
  bool live = true;        // Neither released nor expired, by the store's clock.
  StoredKey key;           // In the version that was leased.
};

// The leases of one ticket.
struct TicketLeases {
  bool granted_now = false;   // False when the ticket was presented before.
  std::vector<Lease> leases;  // In the order of the ticket's grants.
};

// May a ticket that was presented before give its leases again? Yes to the same caller with the
// same public key, as long as they live: an answer may have been lost on the way.
//
//   kPermissionDenied  ticket_replayed  presented by another caller or with another public key
//   kPermissionDenied  ticket_expired   its leases have ended
absl::Status CheckRepeat(const LeaseApplication& application, const std::vector<Lease>& leases);

}  // namespace latchkey::keyvault
