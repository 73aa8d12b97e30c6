// Handover: gives an admitted call, which is on record, to a media instance.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "services/dialer/domain/line_admission.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

// Lives on one io thread. The ports outlive it.
class Handover {
 public:
  Handover(CallStore& store, MediaControl& media, TicketSigner& signer, Clock& clock,
           Random& random)
      : store_(store), media_(media), signer_(signer), clock_(clock), random_(random) {}

  // Offers the call to `first`, which the record names, and as long as they refuse to others of
  // `fleet` that are not in `refused`. Gives what the instance that took it says: where an inbound
  // call takes its stream. WasRefused() or FateUnknown() of the status tell what became of it else.
  Task<absl::StatusOr<std::string>> Give(const std::vector<MediaInstance>& fleet,
                                         MediaInstance first, std::set<std::string> refused,
                                         Call& call, const Admitted& admitted);

  // Offers it to one instance, which is asked again while it is unknown whether it took it.
  Task<absl::StatusOr<std::string>> Offer(const MediaInstance& instance, const Call& call,
                                          const Admitted& admitted);

  // For the instance that the record names.
  SignedTicket TicketFor(const Call& call, const Admitted& admitted);

 private:
  CallStore& store_;
  MediaControl& media_;
  TicketSigner& signer_;
  Clock& clock_;
  Random& random_;
};

void GiveTo(const MediaInstance& instance, Call& call);

// The instance certainly did not take the call.
bool WasRefused(const absl::Status& started);
// Nobody knows whether it did: the call is left to it, and to Settlement.
bool FateUnknown(const absl::Status& started);

absl::Status FleetFull();
absl::Status StartUnknown();

}  // namespace latchkey::dialer
