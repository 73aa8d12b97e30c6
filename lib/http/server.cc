#include "lib/http/server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <list>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/http/server_connection.h"

namespace latchkey::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr absl::Duration kSweepPeriodMax = absl::Seconds(1);
constexpr absl::Duration kAcceptPause = absl::Milliseconds(50);  // Out of file descriptors.

absl::Status CannotListen(const std::string& where, std::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, "cannot_listen",
               fmt::format("Cannot listen on {}: {}.", where, why));
}

absl::StatusOr<tcp::endpoint> ParseEndpoint(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return CannotListen(text, "it is not address:port");
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  const std::string port = text.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 &&
                      port.find_first_not_of("0123456789") == std::string::npos;
  if (error || !digits || std::stoi(port) > 65535) {
    return CannotListen(text, "it is not address:port");
  }
  return tcp::endpoint(address, static_cast<uint16_t>(std::stoi(port)));
}

error_code Open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool reuse_port) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  const int on = 1;
  if (!error && reuse_port &&
      ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0) {
    error.assign(errno, boost::system::system_category());
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

// Limits of a few milliseconds, as in tests, are looked at as often as that.
absl::Duration SweepPeriod(const ServerOptions& options) {
  const absl::Duration shortest = std::min({options.handshake_timeout, options.head_timeout,
                                            options.body_timeout, options.idle_timeout});
  return std::clamp(shortest / 4, absl::Milliseconds(5), kSweepPeriodMax);
}

}  // namespace

struct Server::State {
  State(Executor on, const ServerOptions& chosen, Handler& to)
      : executor(on),
        options(chosen),
        handler(to),
        acceptor(on),
        sweep(on),
        room(on),
        own(on),
        serving(on) {}

  Task<void> AcceptAll();
  Task<void> Serve(tcp::socket socket);
  Task<void> SweepAll();
  Task<absl::Status> JoinServing();
  void CloseIdle();

  Executor executor;
  ServerOptions options;
  Handler& handler;
  tcp::acceptor acceptor;
  asio::steady_timer sweep;  // Between two looks at the connections' deadlines.
  asio::steady_timer room;   // Cancelled when a connection ends while there are too many.
  std::list<ServerConnection> connections;
  Group own;      // Accepting and sweeping.
  Group serving;  // One task for each connection.
  uint16_t port = 0;
  bool stopping = false;
  bool stopped = false;
};

Task<void> Server::State::AcceptAll() {
  while (!stopping) {
    if (connections.size() >= options.connections_max) {
      error_code woken;
      room.expires_at(asio::steady_timer::time_point::max());
      co_await room.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      continue;
    }
    tcp::socket socket(executor);
    error_code error;
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (stopping) co_return;
    if (!error) {
      serving.Spawn("serve http", Serve(std::move(socket)));
    } else if (error != asio::error::connection_aborted) {
      log::Warn("cannot accept a connection", {{"error", error.message()}});
      asio::steady_timer pause(executor, absl::ToChronoNanoseconds(kAcceptPause));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

Task<void> Server::State::Serve(tcp::socket socket) {
  const auto connection =
      connections.emplace(connections.end(), options, handler, stopping, std::move(socket));
  std::exception_ptr thrown;  // By a cancelled await, or by a handler's mistake.
  try {
    co_await connection->Run();
  } catch (...) {
    thrown = std::current_exception();
  }
  connections.erase(connection);
  room.cancel();
  if (thrown) std::rethrow_exception(thrown);  // The group logs it, unless it is a cancellation.
}

Task<void> Server::State::SweepAll() {
  const absl::Duration period = SweepPeriod(options);
  while (!stopped) {
    error_code cancelled;
    sweep.expires_after(absl::ToChronoNanoseconds(period));
    co_await sweep.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    const auto now = ServerConnection::Clock::now();
    for (ServerConnection& connection : connections) {
      if (connection.deadline() < now) connection.Abort();
    }
  }
}

void Server::State::CloseIdle() {
  for (ServerConnection& connection : connections) {
    if (connection.idle()) connection.Abort();
  }
}

Task<absl::Status> Server::State::JoinServing() {
  co_await serving.Join();
  co_return absl::OkStatus();
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->own.Spawn("accept http", state_->AcceptAll());
  state_->own.Spawn("sweep http", state_->SweepAll());
}

Server::~Server() { Check(state_->stopped, "Stop() is awaited before a server goes"); }

absl::StatusOr<std::unique_ptr<Server>> Server::Listen(Executor executor,
                                                       const ServerOptions& options,
                                                       Handler& handler) {
  absl::StatusOr<tcp::endpoint> endpoint = ParseEndpoint(options.listen);
  if (!endpoint.ok()) return endpoint.status();
  auto state = std::make_unique<State>(std::move(executor), options, handler);
  error_code error = Open(state->acceptor, *endpoint, options.reuse_port);
  if (error) return CannotListen(options.listen, error.message());
  state->port = state->acceptor.local_endpoint(error).port();
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

uint16_t Server::port() const { return state_->port; }

void Server::Renew(TlsContext tls) {
  Check(state_->options.tls.has_value(), "a plain server has no certificate to renew");
  state_->options.tls = std::move(tls);
}

size_t Server::connections() const { return state_->connections.size(); }

Task<void> Server::Stop(absl::Duration grace) {
  State& state = *state_;
  state.stopping = true;
  error_code ignored;
  state.acceptor.close(ignored);
  state.room.cancel();
  state.CloseIdle();
  absl::Status drained = co_await WithDeadline(state.JoinServing(), grace);
  if (!drained.ok()) {
    for (ServerConnection& connection : state.connections) connection.Abort();
    state.serving.Cancel();
    co_await state.serving.Join();
  }
  state.stopped = true;
  state.sweep.cancel();
  co_await state.own.Join();
}

}  // namespace latchkey::http
