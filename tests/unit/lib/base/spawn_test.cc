#include "lib/base/spawn.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <stdexcept>

#include "tests/support/await.h"
#include "tests/support/simulated_clock.h"

namespace latchkey {
namespace {

class SpawnTest : public testing::Test {
 protected:
  Task<void> SleepThenCount(absl::Duration duration) {
    co_await clock_.Sleep(duration);
    ++ended_;
  }
  // Goes on for ever unless it is cancelled.
  Task<void> Tick() {
    while (true) {
      co_await clock_.Sleep(absl::Seconds(1));
      ++ticks_;
    }
  }
  static Task<void> Throw() {
    throw std::runtime_error("stray");
    co_return;
  }
  Task<void> CancelAndJoin(Group& group) {
    group.Cancel();
    co_await group.Join();
  }

  boost::asio::io_context io_{1};
  SimulatedClock clock_;
  int ended_ = 0;
  int ticks_ = 0;
};

TEST_F(SpawnTest, RunsTheTask) {
  Spawn(io_.get_executor(), "count", SleepThenCount(absl::ZeroDuration()));

  io_.run();

  EXPECT_EQ(ended_, 1);
}

TEST_F(SpawnTest, AStrayExceptionDoesNotReachTheIoThread) {
  Spawn(io_.get_executor(), "throw", Throw());

  EXPECT_NO_THROW(io_.run());
}

TEST_F(SpawnTest, JoinReturnsWhenAllHaveEnded) {
  Group group(io_.get_executor());
  group.Spawn("short", SleepThenCount(absl::Seconds(1)));
  group.Spawn("long", SleepThenCount(absl::Seconds(2)));
  io_.poll();
  EXPECT_EQ(group.size(), 2u);
  boost::asio::post(io_, [this] { clock_.Advance(absl::Seconds(2)); });

  Await(io_, group.Join());

  EXPECT_EQ(ended_, 2);
  EXPECT_EQ(group.size(), 0u);
}

TEST_F(SpawnTest, CancelEndsTasksAtTheirNextAwait) {
  Group group(io_.get_executor());
  group.Spawn("tick", Tick());
  group.Spawn("tick", Tick());
  io_.poll();

  Await(io_, CancelAndJoin(group));

  EXPECT_EQ(group.size(), 0u);
  EXPECT_EQ(ticks_, 2);  // Each woke once, and its next await failed.
}

TEST_F(SpawnTest, AnEmptyGroupIsJoinedAtOnce) {
  Group group(io_.get_executor());

  Await(io_, group.Join());

  EXPECT_EQ(group.size(), 0u);
}

}  // namespace
}  // namespace latchkey
