#include "lib/http/connect.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/error.h"

namespace latchkey::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr absl::Duration kAddressLimit = absl::Seconds(2);

absl::Status Unreachable(std::string_view what) {
  return Error(absl::StatusCode::kUnavailable, "unreachable", what);
}

// getaddrinfo cannot be interrupted, so whoever waits for it lets go of it instead.
struct Lookup {
  explicit Lookup(const Executor& executor)
      : resolver(executor), done(executor, asio::steady_timer::time_point::max()) {}

  tcp::resolver resolver;
  asio::steady_timer done;
  error_code error;
  std::vector<tcp::endpoint> endpoints;
};

Task<absl::StatusOr<std::vector<tcp::endpoint>>> Resolve(const Url& url) {
  error_code not_an_address;
  const asio::ip::address address = asio::ip::make_address(url.host(), not_an_address);
  if (!not_an_address) co_return std::vector<tcp::endpoint>{{address, url.port()}};
  const auto executor = co_await asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>(executor);
  lookup->resolver.async_resolve(
      url.host(), std::to_string(url.port()), tcp::resolver::numeric_service,
      [lookup](const error_code& error, const tcp::resolver::results_type& results) {
        lookup->error = error;
        for (const auto& result : results) lookup->endpoints.push_back(result.endpoint());
        lookup->done.cancel();
      });
  error_code woken;
  co_await lookup->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return CancelledError();
  if (lookup->error || lookup->endpoints.empty()) {
    co_return Unreachable("The host's name cannot be resolved. Check it, and the DNS.");
  }
  co_return std::move(lookup->endpoints);
}

Task<absl::Status> ConnectTo(tcp::socket& socket, tcp::endpoint endpoint) {
  error_code error;
  co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
  if (!error) co_return absl::OkStatus();
  if (error == asio::error::operation_aborted) co_return CancelledError();
  co_return Unreachable("The host does not accept connections. Try again.");
}

Task<absl::StatusOr<tcp::socket>> ConnectToAny(std::vector<tcp::endpoint> endpoints) {
  const auto executor = co_await asio::this_coro::executor;
  absl::Status last;
  for (const tcp::endpoint& endpoint : endpoints) {
    tcp::socket socket(executor);
    if (endpoints.size() == 1) {
      last = co_await ConnectTo(socket, endpoint);
    } else {
      last = co_await WithDeadline(ConnectTo(socket, endpoint), kAddressLimit);
    }
    if (last.ok()) co_return std::move(socket);
    if (absl::IsCancelled(last)) co_return last;
  }
  co_return last;
}

}  // namespace

Task<absl::StatusOr<Transport>> Connect(const TlsContext& tls, const Url& url,
                                        absl::Duration write_limit) {
  absl::StatusOr<std::vector<tcp::endpoint>> endpoints = co_await Resolve(url);
  if (!endpoints.ok()) co_return endpoints.status();
  absl::StatusOr<tcp::socket> socket = co_await ConnectToAny(*std::move(endpoints));
  if (!socket.ok()) co_return socket.status();
  Transport transport(*std::move(socket), write_limit);
  if (url.secure()) {
    absl::Status secured = co_await transport.ConnectTls(tls, url.host());
    if (!secured.ok()) co_return secured;
  }
  co_return std::move(transport);
}

}  // namespace latchkey::http
