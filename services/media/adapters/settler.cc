#include "services/media/adapters/settler.h"

#include "lib/base/error.h"
#include "services/media/adapters/key_witness.h"
#include "services/media/carriers/twilio_carrier.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// Far above what the lost instance can have reached: events are idempotent by call and sequence.
constexpr int64_t kFirstSequence = 1'000'000'000;

}  // namespace

Settler::Settler(http::Client& client, KeyLeases& leases, WavRecordings& recordings,
                 CallReports& reports, CallEventLog& log, const Addresses& addresses)
    : client_(client),
      leases_(leases),
      recordings_(recordings),
      reports_(reports),
      log_(log),
      addresses_(addresses) {}

Task<absl::Status> Settler::Settle(const LostCall& call, const std::string& tenant_id,
                                   const Ticket& ticket) {
  absl::StatusOr<Outcome> outcome = co_await Ask(call, ticket);
  co_await leases_.Release(call.call_id);
  if (!outcome.ok()) co_return outcome.status();
  // The direction is not known, nor needed: nobody speaks in what is told here.
  CallEventSource events(log_, call.call_id, tenant_id, Direction::kOutbound, kFirstSequence);
  if (std::optional<RecordingEvent> recording = recordings_.Repair(call.call_id)) {
    events.Append(outcome->end_time, *std::move(recording));
  }
  events.Append(outcome->end_time, StateEvent{.state = "ended",
                                              .disposition = DispositionText(outcome->disposition),
                                              .reason = outcome->reason});
  co_return co_await reports_.Complete(call.call_id, *outcome);
}

Task<absl::StatusOr<Outcome>> Settler::Ask(const LostCall& call, const Ticket& ticket) {
  absl::StatusOr<std::unique_ptr<LeasedKeys>> leased = co_await leases_.Lease(call.call_id, ticket);
  if (!leased.ok()) co_return leased.status();
  const Secret* token = (*leased)->Find(Provider::kTwilio, "auth_token");
  if (token == nullptr) {
    co_return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest,
                    "The ticket does not grant the carrier's key.");
  }
  TwilioCarrier carrier(client_, addresses_.twilio, (*leased)->carrier_account, *token, {});
  absl::StatusOr<Outcome> outcome = co_await media::Settle(call, carrier, clock_);
  KeyWitness witness(**leased, clock_, [](KeyLeases::Observations) {});
  if (outcome.ok()) witness.Worked(Provider::kTwilio);
  if (!outcome.ok()) witness.Failed(Provider::kTwilio, outcome.status());
  leases_.Report(witness.Take());
  co_return outcome;
}

}  // namespace latchkey::media
