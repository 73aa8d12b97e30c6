// FrameClock: the one beat of 20 ms that all calls keep, on one monotonic origin.
#pragma once

#include <array>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <vector>

#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "sandbox/speech/lateness.h"
#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {

// A frame's moment is origin + n × 1 ms, and never depends on when the one before it was sent: what
// is late is caught up. One timer serves all calls; they are spread over the twenty milliseconds of
// a frame, so that they do not all speak at once. Lives on one io thread.
class FrameClock {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // One call's place in the beat, for as long as it has audio to play. The clock outlives it.
  class Seat {
   public:
    explicit Seat(FrameClock& clock);
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    // Returns when the next frame is due: at once if its moment has passed already. Also when the
    // caller is cancelled.
    Task<void> Next();

    // The frame that was due has been given to the kernel: its lateness is counted.
    void NoteSent();

   private:
    friend FrameClock;
    using Handler = boost::asio::any_completion_handler<void()>;

    Task<void> WaitForTick();
    void Wake();
    void Resume();

    FrameClock& clock_;
    int64_t due_tick_;
    Handler waiting_;
  };

  explicit FrameClock(const Executor& executor);
  ~FrameClock();  // Check()s that nobody is seated.
  FrameClock(const FrameClock&) = delete;
  FrameClock& operator=(const FrameClock&) = delete;

  int seats() const { return seats_; }
  Lateness& lateness() { return lateness_; }
  const Lateness& lateness() const { return lateness_; }

 private:
  static constexpr int64_t kSlots = kFrameMs;  // One for each millisecond of a frame.

  int64_t Tick(Time time) const;  // The last one that is not after `time`.
  Time At(int64_t tick) const { return origin_ + tick * std::chrono::milliseconds(1); }
  int64_t FirstTick() const;  // Of whoever sits down now, in the slot that has the fewest.
  std::vector<Seat*>& SlotOf(int64_t tick) { return slots_[static_cast<size_t>(tick % kSlots)]; }
  void Arm();
  void OnTimer();

  const Time origin_ = std::chrono::steady_clock::now();
  boost::asio::steady_timer timer_;
  std::array<std::vector<Seat*>, kSlots> slots_;
  int seats_ = 0;
  int64_t next_tick_ = 0;
  bool armed_ = false;
  Lateness lateness_;
};

}  // namespace latchkey::sandbox
