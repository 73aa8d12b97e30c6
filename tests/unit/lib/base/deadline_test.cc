#include "lib/base/deadline.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>

#include "lib/base/error.h"
#include "lib/base/spawn.h"
#include "tests/support/await.h"
#include "tests/support/status_matchers.h"

namespace latchkey {
namespace {

constexpr absl::Duration kLong = absl::Hours(1);
constexpr absl::Duration kShort = absl::Milliseconds(1);

class DeadlineTest : public testing::Test {
 protected:
  Task<absl::StatusOr<int>> Work(absl::Duration duration) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, absl::ToChronoNanoseconds(duration));
    boost::system::error_code woken;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    let_go_ = true;
    if (woken) co_return absl::CancelledError("called off");
    co_return 7;
  }
  static Task<absl::Status> Refuse() {
    co_return Error(absl::StatusCode::kNotFound, "no_such_thing", "It is not there.");
  }
  Task<void> Keep(absl::Duration work, absl::Duration limit) {
    kept_ = co_await WithDeadline(Work(work), limit);
  }

  boost::asio::io_context io_{1};
  bool let_go_ = false;
  absl::StatusOr<int> kept_ = 0;
};

TEST_F(DeadlineTest, GivesTheTasksAnswerWhenItComesInTime) {
  EXPECT_THAT(Await(WithDeadline(Work(kShort), kLong)), IsOkAndHolds(7));
}

TEST_F(DeadlineTest, GivesTheTasksOwnErrorUnchanged) {
  EXPECT_THAT(Await(WithDeadline(Refuse(), kLong)),
              StatusIs(absl::StatusCode::kNotFound, "no_such_thing"));
}

TEST_F(DeadlineTest, EndsTheTaskAndSaysSoWhenTimeIsUp) {
  const absl::StatusOr<int> result = Await(WithDeadline(Work(kLong), kShort));

  EXPECT_THAT(result, StatusIs(absl::StatusCode::kDeadlineExceeded, "deadline_exceeded"));
  EXPECT_TRUE(let_go_);
}

TEST_F(DeadlineTest, CancelledFromOutsideItIsNotADeadline) {
  Group group(io_.get_executor());
  group.Spawn("keep", Keep(kLong, kLong));
  io_.poll();
  io_.restart();

  group.Cancel();
  Await(io_, group.Join());

  EXPECT_THAT(kept_, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_TRUE(let_go_);
}

}  // namespace
}  // namespace latchkey
