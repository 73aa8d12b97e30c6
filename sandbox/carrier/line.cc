#include "sandbox/carrier/line.h"

namespace latchkey::sandbox {

Task<void> KeepTime(FrameClock& clock, PhoneCall& call, PlayoutBuffer& playout,
                    absl::Duration length_max, LineEnd& end) {
  FrameClock::Seat seat(clock);
  co_await seat.Next();
  for (int64_t ticks = 0; !end.Over(); ++ticks) {
    const PlayoutBuffer::Tick tick = playout.Next();
    const CalleePhone::Answer answer = call.phone->OnFrame(tick.frame, tick.played);
    if (answer.hangs_up || call.end_asked || ticks * kTick >= length_max) end.OnHangUp();
    std::vector<std::string> marks = playout.TakeMarks();
    co_await end.OnTick(answer, std::move(marks));
    seat.NoteSent();
    co_await seat.Next();
  }
}

}  // namespace latchkey::sandbox
