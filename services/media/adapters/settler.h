// Settler: settles calls of dead instances, with the carrier's key of each.
#pragma once

#include "lib/base/clock.h"
#include "lib/http/client.h"
#include "services/media/adapters/call_event_log.h"
#include "services/media/adapters/stage_ports.h"
#include "services/media/domain/settlement.h"

namespace latchkey::media {

// Lives on the host's io thread.
class Settler {
 public:
  Settler(http::Client& client, KeyLeases& leases, WavRecordings& recordings, CallReports& reports,
          CallEventLog& log, const Addresses& addresses);

  // Leases the carrier's key, asks, reports the outcome, and repairs the recording.
  Task<absl::Status> Settle(const LostCall& call, const std::string& tenant_id,
                            const Ticket& ticket);

 private:
  Task<absl::StatusOr<Outcome>> Ask(const LostCall& call, const Ticket& ticket);

  http::Client& client_;
  KeyLeases& leases_;
  WavRecordings& recordings_;
  CallReports& reports_;
  CallEventLog& log_;
  const Addresses& addresses_;
  SystemClock clock_;
};

}  // namespace latchkey::media
