#include "sandbox/speech/frame_clock.h"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>

#include "tests/support/await.h"

namespace latchkey::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Takes `frames` frames; `busy` is done once, in the middle.
Task<void> TakeFrames(FrameClock& clock, int frames, std::vector<Clock::time_point>& taken,
                      milliseconds busy) {
  FrameClock::Seat seat(clock);
  for (int i = 0; i < frames; ++i) {
    co_await seat.Next();
    taken.push_back(Clock::now());
    seat.NoteSent();
    if (i == frames / 2) std::this_thread::sleep_for(busy);
  }
}

TEST(FrameClockTest, GivesAFrameEveryTwentyMillisecondsAndNeverEarly) {
  boost::asio::io_context io(1);
  FrameClock clock(io.get_executor());
  std::vector<Clock::time_point> taken;

  Await(io, TakeFrames(clock, 6, taken, milliseconds(0)));

  ASSERT_EQ(taken.size(), 6u);
  // The first may have been late; the sixth was not early.
  const absl::Duration between = absl::FromChrono(taken[5] - taken[0]);
  EXPECT_GE(between + clock.lateness().max(), absl::Milliseconds(100));
  EXPECT_EQ(clock.lateness().count(), 6u);
  EXPECT_EQ(clock.seats(), 0);
}

TEST(FrameClockTest, WhoWasBusyCatchesUpAndTheOriginStays) {
  boost::asio::io_context io(1);
  FrameClock clock(io.get_executor());
  std::vector<Clock::time_point> taken;

  Await(io, TakeFrames(clock, 12, taken, milliseconds(90)));

  // Busy for 90 ms after the seventh: the next four come at once, the twelfth at its own time.
  ASSERT_EQ(taken.size(), 12u);
  EXPECT_LT(taken[10] - taken[7], milliseconds(15));
  EXPECT_GE(taken[11] - taken[0], milliseconds(11 * 20 - 1));
  EXPECT_GE(clock.lateness().max(), absl::Milliseconds(60));
}

TEST(FrameClockTest, SpreadsCallsOverTheFrame) {
  boost::asio::io_context io(1);
  FrameClock clock(io.get_executor());
  std::vector<std::vector<Clock::time_point>> taken(20);
  Group group(io.get_executor());
  for (auto& one : taken) group.Spawn("frames", TakeFrames(clock, 2, one, milliseconds(0)));

  Await(io, group.Join());

  std::vector<int64_t> phases;
  for (const auto& one : taken) {
    phases.push_back(std::chrono::duration_cast<milliseconds>(one[1] - taken[0][1]).count());
  }
  const auto [first, last] = std::ranges::minmax(phases);
  EXPECT_GE(last - first, 12);
}

TEST(FrameClockTest, ACancelledCallLeavesItsSeat) {
  boost::asio::io_context io(1);
  FrameClock clock(io.get_executor());
  std::vector<Clock::time_point> taken;
  Group group(io.get_executor());
  group.Spawn("frames", TakeFrames(clock, 1000, taken, milliseconds(0)));
  io.run_for(milliseconds(50));
  EXPECT_EQ(clock.seats(), 1);

  group.Cancel();
  Await(io, group.Join());

  EXPECT_EQ(clock.seats(), 0);
}

}  // namespace
}  // namespace latchkey::sandbox
