#include "services/keyvault/domain/lease.h"

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

absl::Status CheckRepeat(const LeaseApplication& application, const std::vector<Lease>& leases) {
  for (const Lease& lease : leases) {
    if (lease.caller != application.caller || lease.public_key != application.public_key) {
      return Error(absl::StatusCode::kPermissionDenied, reason::kTicketReplayed,
                   "The ticket was presented before with another public key.");
    }
  }
  for (const Lease& lease : leases) {
    if (lease.live) continue;
    return Error(absl::StatusCode::kPermissionDenied, reason::kTicketExpired,
                 "The leases of this ticket have ended. Dialer signs a new one.");
  }
  return absl::OkStatus();
}

}  // namespace latchkey::keyvault
