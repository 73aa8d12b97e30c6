// What a call does when its agent connects the person with somebody else.
#include <algorithm>

#include "lib/base/error.h"
#include "services/media/domain/call.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

using State = CarrierCall::State;

constexpr absl::Duration kTick = absl::Milliseconds(50);
// Somebody has to be reached and spoken with, however late in the call it is.
constexpr absl::Duration kTransferMin = absl::Minutes(2);
// In case a callback is lost.
constexpr absl::Duration kTransferLook = absl::Seconds(10);
// The carrier's two callbacks about the end of a transferred call may change places.
constexpr absl::Duration kTransferResultWait = absl::Seconds(2);
// The carrier ends the call by itself at its limit; this much later it must have.
constexpr absl::Duration kEndGrace = absl::Seconds(15);

// The one that a callee of ours is shown; a caller may have none to show.
const std::string& OurNumber(const CallSpec& spec) {
  return spec.direction == Direction::kInbound ? spec.to : spec.from;
}

}  // namespace

void Call::OnTransferResult(TransferResult result) {
  if (transfer_result_.has_value()) return;
  transfer_result_ = result;
  said_at_ = ports_.clock.Now();
}

// The carrier connects them, and the call goes on without us until they have finished: its record
// and its bill are of the whole of it.
Task<void> Call::Transfer() {
  const absl::Duration passed = ports_.clock.Now() - outcome_.answer_time;
  const absl::Duration left = spec_.agent.call_duration_max - passed;
  const TransferOrder order{.to = transfer_->e164,
                            .from = OurNumber(spec_),
                            .duration_max = std::max(left, kTransferMin)};
  absl::Status moved = co_await parts_->carrier().Transfer(outcome_.carrier_call_id, order);
  if (!moved.ok()) {
    outcome_.reason = reasons::kTransferFailed;
    outcome_.message = Message(moved);
    say_ = lines::kApology;
    co_return;
  }
  outcome_.message = TransferMessage(TransferResult::kConnected, transfer_->name);
  co_await WaitForTransferEnd();
  outcome_.end_time = ports_.clock.Now();
  TellTransferResult();
}

Task<void> Call::WaitForTransferEnd() {
  const std::string& id = outcome_.carrier_call_id;
  const absl::Time latest =
      outcome_.answer_time + spec_.agent.call_duration_max + kTransferMin + kEndGrace;
  absl::Time look_at = ports_.clock.Now() + kTransferLook;
  while (carrier_state_ != State::kCompleted) {
    const absl::Time now = ports_.clock.Now();
    if (!end_reason_.empty() || !keys_lost_.empty() || now >= latest) co_return;  // Hung up next.
    if (now >= look_at) {
      look_at = now + kTransferLook;
      absl::StatusOr<CarrierCall> call = co_await parts_->carrier().Fetch(id);
      if (call.ok() && call->over()) OnCarrierState(State::kCompleted);
    } else {
      co_await ports_.clock.Sleep(kTick);
    }
  }
  const absl::Time result_by = ports_.clock.Now() + kTransferResultWait;
  while (!transfer_result_.has_value() && ports_.clock.Now() < result_by) {
    co_await ports_.clock.Sleep(kTick);
  }
}

// When the carrier has not told it, they count as connected: it was asked to, and did not refuse.
// Unless we ended the call before it could.
void Call::TellTransferResult() {
  const std::string& ended = end_reason_.empty() ? keys_lost_ : end_reason_;
  if (!transfer_result_.has_value() && !ended.empty()) {
    outcome_.reason = ended;
    outcome_.message = "It was being transferred to " + transfer_->name + ".";
  }
  if (!transfer_result_.has_value()) return;
  outcome_.reason = ReasonFor(TransferReason(*transfer_result_));
  outcome_.message = TransferMessage(*transfer_result_, transfer_->name);
  const std::string_view sentence = TransferSentence(*transfer_result_);
  if (!sentence.empty()) LogSaid(std::string(sentence));
}

}  // namespace latchkey::media
