#include "services/dialer/domain/call_record.h"

#include <algorithm>

#include "lib/base/check.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

int64_t SecondsRoundedUp(absl::Duration duration) {
  return std::max<int64_t>(0, absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1))));
}

bool WasAnswered(const Call& call) {
  return call.disposition == Disposition::kCompleted || call.answer_time.has_value();
}

int64_t AnsweredSeconds(const Call& call, const Outcome& outcome) {
  if (!WasAnswered(call)) return 0;
  // The carrier answers an inbound call when it has our instructions, whether or not an agent ever
  // spoke in it; what is billed begins with the media stream.
  if (call.direction == Direction::kInbound && !call.answer_time.has_value()) return 0;
  if (outcome.carrier_answered_s.has_value())
    return std::max<int64_t>(0, *outcome.carrier_answered_s);
  if (call.carrier_end.has_value()) return std::max<int64_t>(0, call.carrier_end->answered_s);
  if (!call.answer_time.has_value()) return 0;
  return SecondsRoundedUp(*call.end_time - *call.answer_time);
}

}  // namespace

void Advance(Call& call, CallState state, absl::Time when, const std::string& carrier_call_id) {
  Check(state != CallState::kEnded, "a call ends through Close");
  if (call.state == CallState::kEnded) return;
  if (call.carrier_call_id.empty()) call.carrier_call_id = carrier_call_id;
  if (state == CallState::kAnswered && !call.answer_time.has_value()) call.answer_time = when;
  call.state = std::max(call.state, state);
}

void Apply(Call& call, const CarrierEvent& event) {
  if (call.state == CallState::kEnded) return;
  if (!call.carrier_call_id.empty() && call.carrier_call_id != event.carrier_call_id) return;
  if (event.sequence <= call.carrier_sequence) return;
  call.carrier_sequence = event.sequence;
  if (event.state != CallState::kEnded) {
    Advance(call, event.state, event.time, event.carrier_call_id);
    return;
  }
  call.carrier_call_id = event.carrier_call_id;
  call.carrier_end = CarrierEnd{event.disposition, event.answered_s, event.time};
}

void Close(Call& call, const Outcome& outcome) {
  if (call.state == CallState::kEnded) return;
  if (call.carrier_call_id.empty()) call.carrier_call_id = outcome.carrier_call_id;
  if (outcome.answer_time.has_value()) call.answer_time = outcome.answer_time;
  call.state = CallState::kEnded;
  call.disposition = outcome.disposition;
  call.reason = outcome.reason;
  call.message = outcome.message;
  call.end_time = outcome.end_time;
  call.answered_s = AnsweredSeconds(call, outcome);
}

Outcome OutcomeByCarrier(const Call& call) {
  Check(call.carrier_end.has_value(), "the carrier has told how the call ended");
  Outcome outcome;
  outcome.disposition = call.carrier_end->disposition;
  outcome.reason = reasons::kMediaLost;
  outcome.message = "The media instance that ran the call was lost; this is the carrier's account.";
  outcome.carrier_call_id = call.carrier_call_id;
  outcome.answer_time = call.answer_time;
  outcome.end_time = call.carrier_end->time;
  outcome.carrier_answered_s = call.carrier_end->answered_s;
  return outcome;
}

}  // namespace latchkey::dialer
