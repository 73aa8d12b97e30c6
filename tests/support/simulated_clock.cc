#include "tests/support/simulated_clock.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

namespace latchkey {

namespace asio = boost::asio;

Task<void> SimulatedClock::SleepUntil(absl::Time time) {
  if (time <= now_) co_return;
  const auto executor = co_await asio::this_coro::executor;
  auto timer =
      std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
  sleepers_.emplace(time, timer);
  boost::system::error_code woken;
  co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, woken));
  // Cancelled from outside while still asleep: leave the list.
  for (auto it = sleepers_.begin(); it != sleepers_.end(); ++it) {
    if (it->second == timer) {
      sleepers_.erase(it);
      break;
    }
  }
}

void SimulatedClock::Advance(absl::Duration by) {
  const absl::Time until = now_ + by;
  while (!sleepers_.empty() && sleepers_.begin()->first <= until) {
    now_ = sleepers_.begin()->first;
    const std::shared_ptr<asio::steady_timer> timer = sleepers_.begin()->second;
    sleepers_.erase(sleepers_.begin());
    timer->cancel();
  }
  now_ = until;
}

absl::Time SimulatedClock::NextWake() const {
  return sleepers_.empty() ? absl::InfiniteFuture() : sleepers_.begin()->first;
}

}  // namespace latchkey
