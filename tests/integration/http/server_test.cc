#include "lib/http/server.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <future>

#include "tests/integration/http/http_fixture.h"
#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Sends `bytes` over plain TCP and returns all that comes back.
Task<std::string> Talk(uint16_t port, std::string bytes) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::socket socket(executor);
  boost::system::error_code error;
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
  co_await asio::async_write(socket, asio::buffer(bytes),
                             asio::redirect_error(asio::use_awaitable, error));
  std::string answer;
  char piece[4096];
  while (true) {
    const size_t got = co_await socket.async_read_some(
        asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
    answer.append(piece, got);
    if (error) co_return answer;
  }
}

class ServerTest : public HttpFixture {
 protected:
  // The answer of a server without TLS to exactly these bytes.
  std::string Say(std::string bytes, ServerOptions options = ServerOptions()) {
    std::unique_ptr<Server> plain = *Server::Listen(io_.get_executor(), options, handler_);
    std::string answer = Await(io_, Talk(plain->port(), std::move(bytes)));
    Await(io_, plain->Stop(absl::ZeroDuration()));
    return answer;
  }
  // Of the certificate that a new connection sees.
  long SerialShown() {
    const std::string address = fmt::format("127.0.0.1:{}", server_->port());
    std::future<long> shown =
        std::async(std::launch::async, SerialServedAt, address, SharedPki().ForLocalhost());
    while (shown.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      io_.run_one_for(std::chrono::milliseconds(5));
    }
    return shown.get();
  }
};

TEST_F(ServerTest, AnswersPlainHttpAndPipelinedRequests) {
  const std::string answer =
      Say("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"
          "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab");

  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 4\r\n\r\nGET HTTP/1.1 200 OK"));
  EXPECT_THAT(answer, HasSubstr("POST ab"));
}

TEST_F(ServerTest, AConnectionThatHasComeOfAgeEndsWithItsNextAnswer) {
  ServerOptions options;
  options.connection_age = absl::ZeroDuration();

  const std::string answer =
      Say("GET /echo HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\n\r\n", options);

  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_EQ(answer.rfind("HTTP/1.1 200 OK"), 0u);
}

TEST_F(ServerTest, ARenewedCertificateIsShownToNewConnectionsWhileOldOnesGoOn) {
  ASSERT_THAT(Send(Get("/echo")), IsOk());
  const tls::CertificateFiles next = SharedPki().ForLocalhost();

  server_->Renew(TlsContext::ForServer(*tls::LoadCertificate(next, absl::Now())));

  EXPECT_EQ(SerialShown(), SerialOf(next));
  EXPECT_THAT(Send(Get("/echo")), IsOk());
}

TEST_F(ServerTest, TellsAClientThatWaitsToGoOn) {
  const std::string answer =
      Say("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
          "Connection: close\r\n\r\nab");

  EXPECT_THAT(answer, StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"));
}

TEST_F(ServerTest, RefusesWhatItCannotRead) {
  EXPECT_THAT(Say("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(Say("GET /../secret HTTP/1.1\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(handler_.requests, 0);
}

TEST_F(ServerTest, RefusesAHeadOrABodyOverItsLimits) {
  ServerOptions options;
  options.head_bytes_max = 200;
  options.body_bytes_max = 10;

  EXPECT_THAT(Say("GET / HTTP/1.1\r\nX: " + std::string(500, 'x') + "\r\n\r\n", options),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(
      Say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n12345678901", options),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(handler_.requests, 0);
}

TEST_F(ServerTest, AnswersAHandlerThatDidNot) { EXPECT_EQ(Send(Get("/nothing"))->status, 500); }

TEST_F(ServerTest, SurvivesAHandlerThatThrows) {
  EXPECT_THAT(Send(Get("/throw")), StatusIs(absl::StatusCode::kUnavailable, "unreachable"));

  EXPECT_THAT(Send(Get("/echo")), IsOk());
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  const absl::StatusOr<Response> response = Send(Request("HEAD", UrlOf("/echo")));

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->headers.Get("content-length"), "5");
  EXPECT_EQ(response->body, "");
}

TEST_F(ServerTest, ClosesConnectionsThatStayIdleOrNeverFinishTheirHead) {
  ServerOptions options;
  options.idle_timeout = absl::Milliseconds(20);
  EXPECT_EQ(Say("", options), "");

  options = ServerOptions();
  options.head_timeout = absl::Milliseconds(20);
  EXPECT_EQ(Say("GET / HTTP/1.1\r\nHo", options), "");
}

TEST_F(ServerTest, ServesNoMoreConnectionsThanItsLimitAtATime) {
  ServerOptions options;
  options.connections_max = 1;
  Serve(options);
  limits_.connect = absl::Milliseconds(50);
  ASSERT_THAT(Send(Get("/echo")), IsOk());
  Client second(io_.get_executor(), *tls_);

  EXPECT_THAT(Await(io_, second.Send(Get("/echo"), limits_)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(server_->connections(), 1u);

  client_ = std::make_unique<Client>(io_.get_executor(), *tls_);  // The first one lets go.
  limits_ = Limits();
  EXPECT_THAT(Await(io_, second.Send(Get("/echo"), limits_)), IsOk());
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  ServerOptions options;
  options.listen = fmt::format("127.0.0.1:{}", server_->port());

  EXPECT_THAT(Server::Listen(io_.get_executor(), options, handler_).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_listen"));
  options.listen = "nowhere";
  EXPECT_THAT(Server::Listen(io_.get_executor(), options, handler_).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_listen"));
}

TEST_F(ServerTest, TwoServersShareAPortWhenTheyAreAskedTo) {
  ServerOptions options;
  options.reuse_port = true;
  std::unique_ptr<Server> first = *Server::Listen(io_.get_executor(), options, handler_);
  options.listen = fmt::format("127.0.0.1:{}", first->port());

  absl::StatusOr<std::unique_ptr<Server>> second =
      Server::Listen(io_.get_executor(), options, handler_);

  ASSERT_THAT(second.status(), IsOk());
  EXPECT_EQ((*second)->port(), first->port());
  Await(io_, first->Stop(absl::ZeroDuration()));
  Await(io_, (*second)->Stop(absl::ZeroDuration()));
}

TEST_F(ServerTest, StopsEvenWhileAHandlerHangs) {
  limits_.total = absl::Milliseconds(20);
  EXPECT_THAT(Send(Get("/hang")), StatusIs(absl::StatusCode::kDeadlineExceeded));

  Await(io_, server_->Stop(absl::Milliseconds(10)));

  EXPECT_EQ(server_->connections(), 0u);
  EXPECT_THAT(Send(Get("/echo")), StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
  Serve(ServerOptions());
}

}  // namespace
}  // namespace latchkey::http
