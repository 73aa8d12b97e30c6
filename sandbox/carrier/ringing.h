// Ringing: from the order to the answer: lets the callee's telephone ring and says how it ended.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "lib/base/task.h"
#include "sandbox/carrier/phone_call.h"
#include "sandbox/carrier/surroundings.h"
#include "sandbox/scenario/callee.h"

namespace latchkey::sandbox {

// From the order to the first ring, as quick as a carrier ever is.
inline constexpr absl::Duration kSetUp = absl::Milliseconds(120);

// How the ringing ended: kInProgress for an answer, which the caller of Ring() makes known.
struct RingOutcome {
  CallStatus status;
  int sip_code;
};

// Rings until the callee answers or refuses, until `ring_max`, or until the call is no longer
// wanted (`end_asked`): kCanceled.
Task<RingOutcome> Ring(const CallSurroundings& surroundings, std::shared_ptr<PhoneCall> call,
                       Callee callee, absl::Duration ring_max);

// False: the call was no longer wanted before `duration` was over.
Task<bool> WaitWhileWanted(Clock& clock, std::shared_ptr<PhoneCall> call, absl::Duration duration);

// The person's telephone, with everything that the person will say already spoken.
Task<std::unique_ptr<CalleePhone>> PickUp(const CallSurroundings& surroundings, Callee callee);

}  // namespace latchkey::sandbox
