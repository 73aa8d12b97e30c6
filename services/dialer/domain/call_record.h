// The call record's state machine: event in, changed record out. Nothing moves a call back, and
// nothing changes one that has ended.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "services/dialer/domain/call.h"

namespace latchkey::dialer {

// What the carrier told with one status callback, after it was verified.
struct CarrierEvent {
  std::string carrier_call_id;
  int64_t sequence = 0;  // Counts up within a call.
  CallState state = CallState::kPlacing;
  Disposition disposition = Disposition::kNone;  // With kEnded.
  int64_t answered_s = 0;                        // With kEnded: the carrier's own count.
  absl::Time time;
};

// How a call went, as told by the instance that ran or settled it.
struct Outcome {
  Disposition disposition = Disposition::kCompleted;
  std::string reason;
  std::string message;
  std::string carrier_call_id;
  std::optional<absl::Time> answer_time;
  absl::Time end_time;
  std::optional<int64_t> carrier_answered_s;  // The carrier's own count; wins over the two times.
};

// The call is as far as `state` (not kEnded), since `when`.
void Advance(Call& call, CallState state, absl::Time when, const std::string& carrier_call_id);

// Takes in a carrier's event. An event that is not younger than the last one, or that belongs to
// another of the carrier's calls, changes nothing. The end of a call is noted as the carrier's
// word: the record is closed by Close, whose caller knows why it ended.
void Apply(Call& call, const CarrierEvent& event);

// Ends the call. Answered time is the carrier's count where there is one, else from answer to end,
// rounded up to whole seconds.
void Close(Call& call, const Outcome& outcome);

// The outcome that the carrier's own word about the end amounts to. `call.carrier_end` is set.
Outcome OutcomeByCarrier(const Call& call);

}  // namespace latchkey::dialer
