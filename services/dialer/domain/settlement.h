// Settlement: finds calls that nobody looks after any more, has another media instance settle them
// with the carrier, and sees to it that every call is closed, once, with its true length.
#pragma once

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/spawn.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

// Lives on one io thread. The ports outlive it. Several replicas may run one each: a claimed call
// is nobody else's for a while.
class Settlement {
 public:
  Settlement(Executor executor, CallStore& store, FleetStore& fleet, MediaControl& media,
             TicketSigner& signer, Clock& clock, Random& random);

  // Looks once a second, until Stop.
  void Start();
  Task<void> Stop();

  // One look: claims what is lost and returns when each has been closed or has failed; how many
  // were claimed. A call that could not be settled is claimed again later.
  Task<absl::StatusOr<size_t>> SettleLost();

 private:
  Task<void> Run();
  Task<void> SettleOne(Call call);
  Task<absl::Status> SettleWithCarrier(const Call& call);
  Task<absl::Status> CloseByCarrier(const Call& call);

  CallStore& store_;
  FleetStore& fleet_;
  MediaControl& media_;
  TicketSigner& signer_;
  Clock& clock_;
  Random& random_;
  Group loop_;
  Group settling_;  // One task for each call that is being settled.
};

}  // namespace latchkey::dialer
