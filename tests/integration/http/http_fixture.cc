#include "tests/integration/http/http_fixture.h"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "lib/base/deadline.h"
#include "lib/base/error.h"

namespace latchkey::http {

namespace asio = boost::asio;

namespace {

constexpr absl::Duration kForever = absl::Hours(1);

Task<void> Sleep(absl::Duration duration) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, absl::ToChronoNanoseconds(duration));
  boost::system::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

Response Text(int status, std::string body) {
  Response response;
  response.status = status;
  response.headers.Set("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

}  // namespace

Task<void> EchoHandler::Handle(const ServerRequest& request, Responder& responder) {
  ++requests;
  const std::string& path = request.parsed.path;
  absl::Status sent;
  if (path == "/echo") {
    const Response response = Text(200, request.method + " " + request.body);
    sent = co_await responder.Send(response);
  } else if (path == "/authorization") {
    const Response response = Text(200, std::string(request.headers.Get("authorization")));
    sent = co_await responder.Send(response);
  } else if (path == "/stream") {
    co_await Stream(responder);
  } else if (path == "/endless") {
    co_await Endless(responder);
  } else if (path == "/cut") {
    sent = co_await responder.Start(200, Headers());
    sent = co_await responder.Write("half of");
  } else if (path == "/hang") {
    co_await Sleep(kForever);
  } else if (path == "/throw") {
    throw std::out_of_range("a mistake");
  } else if (path == "/abort") {
    responder.Abort();
  } else if (path == "/ws") {
    co_await EchoMessages(request, responder);
  } else if (path == "/refused") {
    const Response response = Text(401, "{\"err_code\":\"INVALID_AUTH\"}");
    sent = co_await responder.Send(response);
  }
}

Task<void> EchoHandler::Stream(Responder& responder) {
  const Headers headers{{"Content-Type", "text/event-stream"}};
  absl::Status sent = co_await responder.Start(200, headers);
  for (int i = 0; i < 3 && sent.ok(); ++i) {
    sent = co_await responder.Write(fmt::format("event: tick\ndata: {}\n\n", i));
  }
  if (sent.ok()) sent = co_await responder.Finish();
}

Task<void> EchoHandler::Endless(Responder& responder) {
  absl::Status sent = co_await responder.Start(200, Headers());
  if (sent.ok()) sent = co_await responder.Write("first");
  co_await Watch(responder);
}

Task<void> EchoHandler::Watch(Responder& responder) {
  co_await responder.Disconnected();
  client_left = true;
}

Task<void> EchoHandler::EchoMessages(const ServerRequest& request, Responder& responder) {
  WebsocketLimits limits;
  limits.message_bytes_max = 64 * 1024;
  absl::StatusOr<std::unique_ptr<Websocket>> upgraded = co_await responder.Upgrade(limits);
  if (!upgraded.ok()) {
    const Response response = Text(400, latchkey::Message(upgraded.status()));
    absl::Status sent = co_await responder.Send(response);
    co_return;
  }
  Websocket& websocket = **upgraded;
  if (request.parsed.query.Has("drop")) co_return;
  while (true) {
    absl::StatusOr<http::Message> message = co_await websocket.Read();
    if (!message.ok()) {
      const ErrorMetadata metadata = Metadata(message.status());
      closed_with = Reason(message.status());
      if (metadata.contains("close_code")) closed_with += " " + metadata.at("close_code");
      co_return;
    }
    absl::Status written;
    if (message->data == "bye") {
      co_await websocket.Close(1011, "NET-0001 no audio");
      co_return;
    }
    if (message->text) {
      written = co_await websocket.WriteText(message->data);
    } else {
      written = co_await websocket.WriteBinary(message->data);
    }
    if (!written.ok()) co_return;
  }
}

Pki& HttpFixture::SharedPki() {
  static Pki pki;
  return pki;
}

HttpFixture::HttpFixture() {
  client_ = std::make_unique<Client>(io_.get_executor(), *tls_);
  Serve(ServerOptions());
}

HttpFixture::~HttpFixture() {
  client_.reset();
  Await(io_, server_->Stop(absl::ZeroDuration()));
}

void HttpFixture::Serve(ServerOptions options) {
  if (server_) Await(io_, server_->Stop(absl::ZeroDuration()));
  const auto files = SharedPki().ForLocalhost();
  options.tls = *TlsContext::ForServer(files.cert, files.key);
  server_ = *Server::Listen(io_.get_executor(), options, handler_);
}

Url HttpFixture::UrlOf(std::string_view path, std::string_view host) const {
  return *Url::Parse(fmt::format("https://{}:{}{}", host, server_->port(), path));
}

}  // namespace latchkey::http
