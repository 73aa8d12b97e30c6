#include "services/media/domain/settlement.h"

#include <algorithm>

#include "lib/base/error.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// After a hang-up the carrier's record follows within a second or two.
constexpr int kAttempts = 20;
constexpr absl::Duration kPause = absl::Milliseconds(300);

Outcome NeverPlaced(absl::Time now) {
  return {.disposition = Disposition::kFailed,
          .reason = std::string(reasons::kSettled),
          .message = "The media instance was lost before the call was placed.",
          .end_time = now};
}

Disposition DispositionOf(const CarrierCall& call) {
  using State = CarrierCall::State;
  switch (call.state) {
    case State::kCompleted:
      return Disposition::kCompleted;
    case State::kBusy:
      return Disposition::kBusy;
    case State::kNoAnswer:
      return Disposition::kNoAnswer;
    case State::kCanceled:
      return Disposition::kCanceled;
    default:
      return Disposition::kFailed;
  }
}

absl::Status NotOver() {
  return Error(absl::StatusCode::kUnavailable, reasons::kCarrierUnreachable,
               "The carrier has not ended the call yet; ask again.");
}

}  // namespace

Task<absl::StatusOr<Outcome>> Settle(const LostCall& call, Carrier& carrier, Clock& clock) {
  std::string sid = call.carrier_call_id;
  if (sid.empty()) {
    absl::StatusOr<std::string> found =
        co_await carrier.FindPlaced(call.from, call.to, call.placed_after);
    if (!found.ok()) co_return found.status();
    if (found->empty()) co_return NeverPlaced(clock.Now());
    sid = *std::move(found);
  }
  bool told = false;
  for (int i = 0; i < kAttempts; ++i) {
    absl::StatusOr<CarrierCall> seen = co_await carrier.Fetch(sid);
    if (!seen.ok()) co_return seen.status();
    if (seen->over()) {
      Outcome outcome{.disposition = DispositionOf(*seen),
                      .reason = std::string(reasons::kSettled),
                      .message = "The media instance was lost; the carrier says how it ended.",
                      .end_time = clock.Now(),
                      .carrier_call_id = sid};
      outcome.carrier_duration = std::max(seen->duration, absl::ZeroDuration());
      co_return outcome;
    }
    if (!told) {
      absl::Status hung_up = co_await carrier.HangUp(sid);
      told = hung_up.ok();
    }
    co_await clock.Sleep(kPause);
  }
  co_return NotOver();
}

}  // namespace latchkey::media
