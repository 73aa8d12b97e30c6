#include "lib/http/connect.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/http/resolver.h"

namespace latchkey::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr absl::Duration kAddressLimit = absl::Seconds(2);

absl::Status Unreachable(std::string_view what) {
  return Error(absl::StatusCode::kUnavailable, "unreachable", what);
}

Task<absl::StatusOr<std::vector<tcp::endpoint>>> Resolve(const Url& url, Reach reach) {
  std::vector<asio::ip::address> addresses;
  error_code not_an_address;
  const asio::ip::address literal = asio::ip::make_address(url.host(), not_an_address);
  if (!not_an_address) {
    addresses.push_back(literal);
  } else {
    SystemResolver system;
    Resolver& resolver = reach.resolver != nullptr ? *reach.resolver : system;
    absl::StatusOr<std::vector<asio::ip::address>> found = co_await resolver.Resolve(url.host());
    if (!found.ok()) co_return found.status();
    addresses = *std::move(found);
  }
  std::vector<tcp::endpoint> endpoints;
  for (const asio::ip::address& address : addresses) {
    const bool allowed = reach.may_connect == nullptr || reach.may_connect(address);
    if (allowed) endpoints.emplace_back(address, url.port());
  }
  if (endpoints.empty()) {
    co_return Error(absl::StatusCode::kPermissionDenied, "forbidden_address",
                    "The host's address is not one of the open internet. Use a host that is.");
  }
  co_return endpoints;
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
                                        absl::Duration write_limit, Reach reach) {
  absl::StatusOr<std::vector<tcp::endpoint>> endpoints = co_await Resolve(url, reach);
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
