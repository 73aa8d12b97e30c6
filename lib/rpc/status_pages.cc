#include "lib/rpc/status_pages.h"

#include <fmt/format.h>

#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <string_view>
#include <utility>

#include "lib/base/clock.h"
#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/metrics.h"

namespace latchkey::rpc {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kLongestHead = 8 * 1024;
constexpr size_t kMostConnections = 64;
constexpr absl::Duration kPatience = absl::Seconds(5);
constexpr absl::Duration kRest = absl::Milliseconds(100);

absl::Status CannotStart(const std::string& address, const std::string& why) {
  return Error(absl::StatusCode::kFailedPrecondition, "cannot_start",
               fmt::format("The HTTP address {} cannot be used: {}.", address, why));
}

std::string Page(std::string_view status, std::string_view body) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
      "Content-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{}",
      status, body.size(), body);
}

absl::StatusOr<tcp::endpoint> ParseAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return CannotStart(address, "it is not host:port");
  error_code error;
  const auto host = asio::ip::make_address(address.substr(0, colon), error);
  uint16_t port = 0;
  const char* const end = address.data() + address.size();
  const auto parsed = std::from_chars(address.data() + colon + 1, end, port);
  if (error || parsed.ec != std::errc() || parsed.ptr != end) {
    return CannotStart(address, "it is not an IP address and a port");
  }
  return tcp::endpoint(host, port);
}

Task<absl::StatusOr<std::string>> ReadHead(tcp::socket& socket) {
  std::string head;
  error_code error;
  co_await asio::async_read_until(socket, asio::dynamic_buffer(head, kLongestHead), "\r\n\r\n",
                                  asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return absl::CancelledError("no head");
  co_return head;
}

Task<absl::Status> Write(tcp::socket& socket, const std::string& page) {
  error_code error;
  co_await asio::async_write(socket, asio::buffer(page),
                             asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return absl::CancelledError("gone");
  co_return absl::OkStatus();
}

}  // namespace

StatusPages::StatusPages(Executor executor, ReadyCheck not_ready)
    : not_ready_(std::move(not_ready)), acceptor_(executor), group_(executor) {}

absl::Status StatusPages::Bind(const std::string& address) {
  absl::StatusOr<tcp::endpoint> endpoint = ParseAddress(address);
  if (!endpoint.ok()) return endpoint.status();
  error_code error;
  acceptor_.open(endpoint->protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(*endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return CannotStart(address, error.message());
  port_ = acceptor_.local_endpoint().port();
  return absl::OkStatus();
}

void StatusPages::Serve() { group_.Spawn("accept status pages", Accept()); }

Task<void> StatusPages::Stop() {
  group_.Cancel();
  co_await group_.Join();
  error_code ignored;
  acceptor_.close(ignored);
}

Task<void> StatusPages::Accept() {
  SystemClock clock;
  while (true) {
    error_code error;
    tcp::socket socket(acceptor_.get_executor());
    co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // Out of file descriptors, say: let some close first.
      co_await clock.Sleep(kRest);
      continue;
    }
    if (group_.size() > kMostConnections) continue;  // Dropped; a probe repeats.
    group_.Spawn("serve status page", ServeOne(std::move(socket)));
  }
}

Task<void> StatusPages::ServeOne(tcp::socket socket) {
  absl::StatusOr<std::string> head = co_await WithDeadline(ReadHead(socket), kPatience);
  if (!head.ok()) co_return;
  const std::string page = co_await Answer(std::move(*head));
  const absl::Status written = co_await WithDeadline(Write(socket, page), kPatience);
  static_cast<void>(written);  // Whoever asked is gone.
}

Task<std::string> StatusPages::Answer(std::string head) {
  const std::string_view line = std::string_view(head).substr(0, head.find("\r\n"));
  if (line.starts_with("GET /livez ")) co_return Page("200 OK", "ok\n");
  if (line.starts_with("GET /metrics ")) co_return Page("200 OK", metrics::Text());
  if (!line.starts_with("GET /readyz ")) co_return Page("404 Not Found", "not found\n");
  const std::vector<std::string> not_ready = co_await not_ready_();
  if (not_ready.empty()) co_return Page("200 OK", "ready\n");
  std::string body = "not ready\n";
  for (const std::string& reason : not_ready) body += reason + "\n";
  co_return Page("503 Service Unavailable", body);
}

}  // namespace latchkey::rpc
