// HttpFixture: a client and a server that talk over TLS on loopback, on one io context.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "lib/http/client.h"
#include "lib/http/server.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"

namespace latchkey::http {

// Answers each path in the way that its name says; see http_fixture.cc.
class EchoHandler final : public Handler {
 public:
  Task<void> Handle(const ServerRequest& request, Responder& responder) override;

  int requests = 0;
  bool client_left = false;  // A stream's client went away before its end.
  std::string closed_with;   // How the last websocket ended: code and reason.

 private:
  Task<void> Stream(Responder& responder);
  Task<void> Endless(Responder& responder);
  Task<void> Watch(Responder& responder);
  Task<void> EchoMessages(const ServerRequest& request, Responder& responder);
};

class HttpFixture : public ::testing::Test {
 protected:
  HttpFixture();
  ~HttpFixture() override;

  // Stops what runs and starts a server with other options (TLS and address are filled in).
  void Serve(ServerOptions options);
  Url UrlOf(std::string_view path, std::string_view host = "127.0.0.1") const;
  Request Get(std::string_view path) const { return Request("GET", UrlOf(path)); }
  absl::StatusOr<Response> Send(const Request& request) {
    return Await(io_, client_->Send(request, limits_));
  }
  absl::StatusOr<std::unique_ptr<Websocket>> Connect(std::string_view path) {
    return Await(io_, ConnectWebsocket(*tls_, UrlOf(path).AsWebsocket(), {}, std::nullopt,
                                       websocket_limits_));
  }

  static Pki& SharedPki();

  boost::asio::io_context io_{1};
  absl::StatusOr<TlsContext> tls_ = TlsContext::ForClient(SharedPki().ca_file());
  EchoHandler handler_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Client> client_;
  Limits limits_;
  WebsocketLimits websocket_limits_;
};

}  // namespace latchkey::http
