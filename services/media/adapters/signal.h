// Signal: lets one coroutine wait until another part of the same io thread has something for it.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lib/base/spawn.h"
#include "lib/base/task.h"

namespace latchkey::media {

class Signal {
 public:
  explicit Signal(const Executor& executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  // Wakes whoever waits now.
  void Notify() { timer_.cancel(); }

  // Returns when notified, or cancelled.
  Task<void> Wait() {
    boost::system::error_code woken;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace latchkey::media
