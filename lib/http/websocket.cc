#include "lib/http/websocket.h"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <utility>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/http/accept_websocket.h"
#include "lib/http/connect.h"
#include "lib/http/request_head.h"
#include "lib/http/transport.h"

namespace latchkey::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

constexpr size_t kRefusalBodyMax = 1024;
constexpr absl::Duration kCloseLimit = absl::Seconds(2);  // For the other side's close frame.

beast::websocket::stream_base::timeout Timeouts(absl::Duration handshake, absl::Duration idle) {
  return {absl::ToChronoNanoseconds(handshake), absl::ToChronoNanoseconds(idle), true};
}

class BeastWebsocket final : public Websocket {
 public:
  BeastWebsocket(Transport transport, const WebsocketLimits& limits)
      : stream_(std::move(transport)),
        limits_(limits),
        buffer_(limits.message_bytes_max),
        ended_(stream_.get_executor(), asio::steady_timer::time_point::max()) {
    stream_.read_message_max(limits.message_bytes_max);
    stream_.auto_fragment(false);
    stream_.set_option(Timeouts(limits.connect, limits.idle));
  }

  Task<absl::Status> Connect(const Url& url, const Headers& headers,
                             const std::optional<SecretHeader>& secret);
  Task<absl::Status> Accept(const std::string& target, const Headers& request_headers,
                            const Headers& headers);

  Task<absl::StatusOr<Message>> Read() override;
  Task<absl::Status> WriteText(std::string_view data) override {
    stream_.text(true);
    return Write(data);
  }
  Task<absl::Status> WriteBinary(std::string_view data) override {
    stream_.binary(true);
    return Write(data);
  }
  Task<void> Close(uint16_t code, std::string_view reason) override;
  Task<absl::Status> WriteRaw(std::string_view bytes) override;
  Task<void> Disconnected() override;
  void Abort() override {
    stream_.next_layer().Close();
    End();
  }

 private:
  Task<absl::Status> Write(std::string_view data);
  Task<absl::Status> Translate(error_code error);
  void End() {
    over_ = true;
    ended_.cancel();
  }
  void Upgraded() { stream_.set_option(Timeouts(kCloseLimit, limits_.idle)); }

  beast::websocket::stream<Transport, false> stream_;
  WebsocketLimits limits_;
  beast::flat_buffer buffer_;  // Keeps its memory from message to message.
  asio::steady_timer ended_;   // Cancelled when the connection is over.
  bool over_ = false;
};

absl::Status Refused(const beast::websocket::response_type& response) {
  return Error(
      absl::StatusCode::kUnavailable, "upgrade_refused",
      fmt::format("The server answered {} instead of opening a websocket.", response.result_int()),
      {{"http_status", std::to_string(response.result_int())},
       {"http_body", response.body().substr(0, kRefusalBodyMax)}});
}

Task<absl::Status> BeastWebsocket::Connect(const Url& url, const Headers& headers,
                                           const std::optional<SecretHeader>& secret) {
  stream_.set_option(
      beast::websocket::stream_base::decorator([&headers](beast::websocket::request_type& request) {
        for (const Headers::Field& field : headers) request.insert(field.first, field.second);
      }));
  // Beast writes the head without the key, which the transport adds in guarded memory.
  if (secret) stream_.next_layer().AddToNextWrite(*secret);
  beast::websocket::response_type response;
  error_code error;
  co_await stream_.async_handshake(response, url.Authority(), url.target(),
                                   asio::redirect_error(asio::use_awaitable, error));
  stream_.set_option(
      beast::websocket::stream_base::decorator([](beast::websocket::request_type&) {}));
  if (error == beast::websocket::error::upgrade_declined) co_return Refused(response);
  if (error) co_return co_await Translate(error);
  Upgraded();
  co_return absl::OkStatus();
}

Task<absl::Status> BeastWebsocket::Accept(const std::string& target, const Headers& request_headers,
                                          const Headers& headers) {
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, target, 11);
  for (const Headers::Field& field : request_headers) request.insert(field.first, field.second);
  stream_.set_option(beast::websocket::stream_base::decorator(
      [&headers](beast::websocket::response_type& response) {
        for (const Headers::Field& field : headers) response.insert(field.first, field.second);
      }));
  error_code error;
  co_await stream_.async_accept(request, asio::redirect_error(asio::use_awaitable, error));
  stream_.set_option(
      beast::websocket::stream_base::decorator([](beast::websocket::response_type&) {}));
  if (error) co_return co_await Translate(error);
  Upgraded();
  co_return absl::OkStatus();
}

// An aborted operation is a cancelled one only if somebody cancelled it: Beast also answers so on a
// connection that has failed before.
Task<absl::Status> BeastWebsocket::Translate(error_code error) {
  if (error == beast::websocket::error::closed) {
    const beast::websocket::close_reason& reason = stream_.reason();
    co_return Error(absl::StatusCode::kUnavailable, "closed",
                    "The other side closed the connection.",
                    {{"close_code", std::to_string(reason.code)},
                     {"close_reason", std::string(reason.reason.data(), reason.reason.size())}});
  }
  if (error == asio::error::access_denied) co_return ForeignHost();
  if (error == beast::error::timeout || error == asio::error::timed_out) co_return DeadlineError();
  if (error == beast::websocket::error::message_too_big ||
      error == beast::websocket::error::buffer_overflow) {
    co_return Error(absl::StatusCode::kResourceExhausted, "message_too_large",
                    "The other side sent a message that is longer than is accepted.");
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return CancelledError();
  co_return Error(absl::StatusCode::kUnavailable, "unreachable", "The connection broke.");
}

Task<absl::StatusOr<Message>> BeastWebsocket::Read() {
  buffer_.clear();
  error_code error;
  co_await stream_.async_read(buffer_, asio::redirect_error(asio::use_awaitable, error));
  if (error) {
    End();
    co_return co_await Translate(error);
  }
  const auto data = buffer_.cdata();
  co_return Message{stream_.got_text(), {static_cast<const char*>(data.data()), data.size()}};
}

Task<absl::Status> BeastWebsocket::Write(std::string_view data) {
  error_code error;
  co_await stream_.async_write(asio::const_buffer(data.data(), data.size()),
                               asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return co_await Translate(error);
  co_return absl::OkStatus();
}

Task<absl::Status> BeastWebsocket::WriteRaw(std::string_view bytes) {
  error_code error;
  co_await asio::async_write(stream_.next_layer(), asio::const_buffer(bytes.data(), bytes.size()),
                             asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return co_await Translate(error);
  co_return absl::OkStatus();
}

Task<void> BeastWebsocket::Disconnected() {
  while (!over_) {
    error_code woken;
    co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return;
  }
}

Task<void> BeastWebsocket::Close(uint16_t code, std::string_view reason) {
  const beast::websocket::close_reason why(static_cast<beast::websocket::close_code>(code),
                                           {reason.data(), reason.size()});
  error_code ignored;
  co_await stream_.async_close(why, asio::redirect_error(asio::use_awaitable, ignored));
}

Task<absl::StatusOr<std::unique_ptr<Websocket>>> ConnectAndUpgrade(
    const TlsContext& tls, const Url& url, const Headers& headers,
    const std::optional<SecretHeader>& secret, const WebsocketLimits& limits) {
  absl::StatusOr<Transport> transport = co_await http::Connect(tls, url, limits.write);
  if (!transport.ok()) co_return transport.status();
  auto websocket = std::make_unique<BeastWebsocket>(*std::move(transport), limits);
  absl::Status upgraded = co_await websocket->Connect(url, headers, secret);
  if (!upgraded.ok()) co_return upgraded;
  co_return std::move(websocket);
}

}  // namespace

Task<absl::StatusOr<std::unique_ptr<Websocket>>> ConnectWebsocket(
    const TlsContext& tls, const Url& url, const Headers& headers,
    const std::optional<SecretHeader>& secret, const WebsocketLimits& limits) {
  if (secret) {
    const absl::Status checked = RequestHead::Check(*secret, url, tls);
    if (!checked.ok()) co_return checked;
  }
  co_return co_await WithDeadline(ConnectAndUpgrade(tls, url, headers, secret, limits),
                                  limits.connect);
}

Task<absl::StatusOr<std::unique_ptr<Websocket>>> AcceptWebsocket(Transport transport,
                                                                 std::string target,
                                                                 Headers request_headers,
                                                                 Headers headers,
                                                                 WebsocketLimits limits) {
  auto websocket = std::make_unique<BeastWebsocket>(std::move(transport), limits);
  absl::Status accepted = co_await websocket->Accept(target, request_headers, headers);
  if (!accepted.ok()) co_return accepted;
  co_return std::move(websocket);
}

}  // namespace latchkey::http
