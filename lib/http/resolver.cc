#include "lib/http/resolver.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/spawn.h"

namespace latchkey::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// getaddrinfo cannot be interrupted, so whoever waits for it lets go of it instead.
struct Lookup {
  explicit Lookup(const Executor& executor)
      : resolver(executor), done(executor, asio::steady_timer::time_point::max()) {}

  tcp::resolver resolver;
  asio::steady_timer done;
  error_code error;
  std::vector<asio::ip::address> addresses;
};

}  // namespace

Task<absl::StatusOr<std::vector<asio::ip::address>>> SystemResolver::Resolve(
    const std::string& host) {
  const auto executor = co_await asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>(executor);
  lookup->resolver.async_resolve(
      host, "", [lookup](const error_code& error, const tcp::resolver::results_type& results) {
        lookup->error = error;
        for (const auto& result : results) {
          lookup->addresses.push_back(result.endpoint().address());
        }
        lookup->done.cancel();
      });
  error_code woken;
  co_await lookup->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return CancelledError();
  if (lookup->error || lookup->addresses.empty()) {
    co_return Error(absl::StatusCode::kUnavailable, "unreachable",
                    "The host's name cannot be resolved. Check it, and the DNS.");
  }
  co_return std::move(lookup->addresses);
}

}  // namespace latchkey::http
