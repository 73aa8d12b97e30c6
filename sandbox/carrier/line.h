// KeepTime: the clock of an answered call: one tick every 20 ms, on the origin of all calls.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lib/base/task.h"
#include "sandbox/carrier/phone_call.h"
#include "sandbox/carrier/playout_buffer.h"
#include "sandbox/speech/frame_clock.h"

namespace latchkey::sandbox {

inline constexpr absl::Duration kTick = absl::Milliseconds(kFrameMs);

// The carrier's end of the line.
class LineEnd {
 public:
  virtual ~LineEnd() = default;

  // The call has ended for the carrier: the clock stops.
  virtual bool Over() const = 0;
  // The person hung up, the API ended the call, or it has lasted as long as it may. Told each tick.
  virtual void OnHangUp() = 0;
  // What the person said in these 20 ms, and the marks that were reached in them.
  virtual Task<void> OnTick(const CalleePhone::Answer& answer, std::vector<std::string> marks) = 0;
};

// Plays `playout` to the person of `call`, whose phone is set, and takes what the person says,
// until `end` is over. All outlive it.
Task<void> KeepTime(FrameClock& clock, PhoneCall& call, PlayoutBuffer& playout,
                    absl::Duration length_max, LineEnd& end);

}  // namespace latchkey::sandbox
