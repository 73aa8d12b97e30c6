// WithDeadline: an end to every wait on something outside.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/task.h"

namespace latchkey {

absl::Status DeadlineError();   // kDeadlineExceeded `deadline_exceeded`
absl::Status CancelledError();  // kCancelled `cancelled`

// Awaits `task` for no longer than `limit`; then cancels it, waits for it to let go, and returns
// kDeadlineExceeded `deadline_exceeded`. Cancelled from outside, it returns kCancelled `cancelled`
// unless the task had an answer of its own. Result is absl::Status or absl::StatusOr<T>. The task
// runs on the caller's io thread, so it may borrow what the caller holds.
template <typename Result>
Task<Result> WithDeadline(Task<Result> task, absl::Duration limit) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, absl::ToChronoNanoseconds(limit));
  auto race = boost::asio::experimental::make_parallel_group(
      boost::asio::co_spawn(executor, std::move(task), boost::asio::deferred),
      timer.async_wait(boost::asio::deferred));
  auto ends = co_await race.async_wait(boost::asio::experimental::wait_for_one(),
                                       boost::asio::use_awaitable);
  const bool task_first = std::get<0>(ends)[0] == 0;
  const std::exception_ptr thrown = std::get<1>(ends);
  const bool expired = !std::get<3>(ends);
  if (!task_first && expired) co_return Result(DeadlineError());
  if (!thrown) co_return std::move(std::get<2>(ends));
  co_return Result(CancelledError());  // Nothing of ours throws but a cancelled await.
}

}  // namespace latchkey
