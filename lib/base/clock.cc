#include "lib/base/clock.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "absl/time/clock.h"

namespace latchkey {

namespace asio = boost::asio;

absl::Time SystemClock::Now() const { return absl::Now(); }

Task<void> SystemClock::SleepUntil(absl::Time time) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, absl::ToChronoNanoseconds(time - absl::Now()));
  boost::system::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

}  // namespace latchkey
