// Pace: steps of a fixed length on one origin, so that a late step does not move those after it.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lib/base/spawn.h"
#include "lib/base/task.h"

namespace latchkey::bench {

class Pace {
 public:
  Pace(const Executor& executor, std::chrono::microseconds step)
      : timer_(executor), step_(step), next_(std::chrono::steady_clock::now()) {}

  // Waits for the next step, and says by how much it came late.
  Task<absl::Duration> Next() {
    next_ += step_;
    timer_.expires_at(next_);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    co_return absl::FromChrono(std::chrono::steady_clock::now() - next_);
  }

 private:
  boost::asio::steady_timer timer_;
  std::chrono::microseconds step_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace latchkey::bench
