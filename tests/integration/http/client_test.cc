#include "lib/http/client.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "lib/base/deadline.h"
#include "lib/http/sse.h"
#include "tests/integration/http/http_fixture.h"
#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class ClientTest : public HttpFixture {
 protected:
  // Accepts one connection, sends `bytes` and closes it.
  Task<void> SayAndClose(tcp::acceptor& acceptor, std::string bytes) {
    boost::system::error_code error;
    tcp::socket socket(acceptor.get_executor());
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    char request[1024];
    co_await socket.async_read_some(asio::buffer(request),
                                    asio::redirect_error(asio::use_awaitable, error));
    co_await asio::async_write(socket, asio::buffer(bytes),
                               asio::redirect_error(asio::use_awaitable, error));
  }

  // What the client makes of a server that says `bytes`.
  absl::StatusOr<Response> SendTo(std::string bytes) {
    tcp::acceptor acceptor(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    const Url url =
        *Url::Parse("http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
    Group group(io_.get_executor());
    group.Spawn("say", SayAndClose(acceptor, std::move(bytes)));
    absl::StatusOr<Response> response = Send(Request("GET", url));
    Await(io_, group.Join());
    return response;
  }
};

TEST_F(ClientTest, SendsABodyAndReadsTheAnswer) {
  Request request("POST", UrlOf("/echo"));
  request.body = std::string(200'000, 'x');

  const absl::StatusOr<Response> response = Send(request);

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->headers.Get("content-type"), "text/plain");
  EXPECT_EQ(response->body, "POST " + request.body);
}

TEST_F(ClientTest, KeepsItsConnectionForTheNextRequest) {
  for (int i = 0; i < 3; ++i) ASSERT_THAT(Send(Get("/echo")), IsOk());

  EXPECT_EQ(client_->connections_opened(), 1u);
  EXPECT_EQ(handler_.requests, 3);
}

TEST_F(ClientTest, ReplacesAKeptConnectionThatTheServerHasClosed) {
  ASSERT_THAT(Send(Get("/echo")), IsOk());
  ServerOptions options;
  options.listen = "127.0.0.1:" + std::to_string(server_->port());
  Serve(options);

  const absl::StatusOr<Response> response = Send(Request("POST", UrlOf("/echo")));

  EXPECT_THAT(response, IsOk());
  EXPECT_EQ(client_->connections_opened(), 2u);
}

TEST_F(ClientTest, WritesTheKeyBehindItsPrefix) {
  const Secret key(std::string_view("s3cret"));
  Request request = Get("/authorization");
  request.secret = SecretHeader::Token(key);

  const absl::StatusOr<Response> token = Send(request);
  request.secret = SecretHeader::Basic("AC0", key);
  const absl::StatusOr<Response> basic = Send(request);

  ASSERT_THAT(token, IsOk());
  EXPECT_EQ(token->body, "Token s3cret");
  ASSERT_THAT(basic, IsOk());
  EXPECT_EQ(basic->body, "Basic QUMwOnMzY3JldA==");
}

TEST_F(ClientTest, SendsNoKeyWithoutTls) {
  const Secret key(std::string_view("s3cret"));
  Request request("GET", *Url::Parse("http://127.0.0.1:1/"));
  request.secret = SecretHeader::Token(key);

  EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kFailedPrecondition, "insecure_url"));
}

TEST_F(ClientTest, RefusesAKeyThatWouldBreakTheHead) {
  const Secret key(std::string_view("a\r\nX-Evil: 1"));
  Request request = Get("/authorization");
  request.secret = SecretHeader::Token(key);

  EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_secret"));
}

TEST_F(ClientTest, RefusesACertificateOfAnotherHost) {
  const auto files = SharedPki().Issue(Leaf{.common_name = "localhost", .dns = {"other.test"}});
  ServerOptions options;
  options.tls = *TlsContext::ForServer(files.cert, files.key);
  std::unique_ptr<Server> impostor = *Server::Listen(io_.get_executor(), options, handler_);
  const std::string port = std::to_string(impostor->port());

  const auto by_name = Send(Request("GET", *Url::Parse("https://localhost:" + port)));
  const auto by_address = Send(Request("GET", *Url::Parse("https://127.0.0.1:" + port)));

  EXPECT_THAT(by_name, StatusIs(absl::StatusCode::kUnavailable, "tls_failed"));
  EXPECT_THAT(by_address, StatusIs(absl::StatusCode::kUnavailable, "tls_failed"));
  Await(io_, impostor->Stop(absl::ZeroDuration()));
  EXPECT_EQ(handler_.requests, 0);
}

TEST_F(ClientTest, RefusesACertificateOfAnotherAuthority) {
  Client stranger(io_.get_executor(), *TlsContext::ForClient());

  EXPECT_THAT(Await(io_, stranger.Send(Get("/echo"), limits_)),
              StatusIs(absl::StatusCode::kUnavailable, "tls_failed"));
}

TEST_F(ClientTest, SaysThatNobodyListens) {
  tcp::acceptor unused(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const std::string port = std::to_string(unused.local_endpoint().port());
  unused.close();

  EXPECT_THAT(Send(Request("GET", *Url::Parse("https://127.0.0.1:" + port))),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
}

TEST_F(ClientTest, GivesUpOnAServerThatDoesNotAnswer) {
  limits_.first_byte = absl::Milliseconds(20);
  EXPECT_THAT(Send(Get("/hang")), StatusIs(absl::StatusCode::kDeadlineExceeded));

  limits_ = Limits();
  limits_.total = absl::Milliseconds(20);
  EXPECT_THAT(Send(Get("/hang")), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(ClientTest, GivesUpOnAHandshakeThatNeverEnds) {
  tcp::acceptor silent(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  limits_.connect = absl::Milliseconds(20);
  const std::string port = std::to_string(silent.local_endpoint().port());

  EXPECT_THAT(Send(Request("GET", *Url::Parse("https://127.0.0.1:" + port))),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(ClientTest, RefusesAnAnswerThatIsTooLarge) {
  Request request("POST", UrlOf("/echo"));
  request.body = std::string(2000, 'x');
  limits_.body_bytes_max = 1000;

  EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kResourceExhausted, "body_too_large"));
}

TEST_F(ClientTest, DoesNotTakeACutAnswerForAWholeOne) {
  EXPECT_THAT(Send(Get("/cut")), StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
  EXPECT_THAT(Send(Get("/abort")), StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
  EXPECT_THAT(SendTo("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
  EXPECT_THAT(SendTo("HTTP/1.1 200 OK\r\nConte"),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
}

TEST_F(ClientTest, RefusesGarbage) {
  EXPECT_THAT(SendTo("SSH-2.0-OpenSSH_9.2\r\n"),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
}

TEST_F(ClientTest, ReadsAnAnswerThatEndsWithItsConnection) {
  const absl::StatusOr<Response> response =
      SendTo("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nall of it");

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body, "all of it");
}

Task<std::string> ReadTicks(Client& client, Request request, Limits limits) {
  absl::StatusOr<std::unique_ptr<BodyStream>> body = co_await client.Open(request, limits);
  if (!body.ok()) co_return body.status().ToString();
  SseReader reader(**body);
  std::string ticks;
  while (true) {
    absl::StatusOr<std::optional<SseEvent>> event = co_await reader.Next();
    if (!event.ok()) co_return event.status().ToString();
    if (!event->has_value()) co_return ticks;
    ticks += (*event)->data;
  }
}

TEST_F(ClientTest, StreamsEventsAndKeepsTheConnectionAfterTheLast) {
  EXPECT_EQ(Await(io_, ReadTicks(*client_, Get("/stream"), limits_)), "012");
  EXPECT_EQ(Await(io_, ReadTicks(*client_, Get("/stream"), limits_)), "012");

  EXPECT_EQ(client_->connections_opened(), 1u);
}

Task<absl::StatusOr<std::string>> ReadFirstPiece(Client& client, Request request, Limits limits) {
  absl::StatusOr<std::unique_ptr<BodyStream>> body = co_await client.Open(request, limits);
  if (!body.ok()) co_return body.status();
  absl::StatusOr<std::optional<std::string>> piece = co_await (*body)->Next();
  if (!piece.ok()) co_return piece.status();
  co_return piece->value_or("");
}

TEST_F(ClientTest, TellsTheServerWhenItLosesInterest) {
  EXPECT_THAT(Await(io_, ReadFirstPiece(*client_, Get("/endless"), limits_)),
              IsOkAndHolds("first"));

  while (!handler_.client_left) io_.run_one();
}

Task<absl::Status> ReadToTheEnd(Client& client, Request request, Limits limits) {
  absl::StatusOr<std::unique_ptr<BodyStream>> body = co_await client.Open(request, limits);
  if (!body.ok()) co_return body.status();
  while (true) {
    absl::StatusOr<std::optional<std::string>> piece = co_await (*body)->Next();
    if (!piece.ok()) co_return piece.status();
    if (!piece->has_value()) co_return absl::OkStatus();
  }
}

TEST_F(ClientTest, GivesUpOnAStreamThatGoesSilent) {
  limits_.idle = absl::Milliseconds(20);

  EXPECT_THAT(Await(io_, ReadToTheEnd(*client_, Get("/endless"), limits_)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(ClientTest, LetsGoAtOnceWhenItIsCancelled) {
  const absl::Status status = Await(
      io_, WithDeadline(ReadToTheEnd(*client_, Get("/endless"), limits_), absl::Milliseconds(50)));

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDeadlineExceeded));
  while (!handler_.client_left) io_.run_one();
}

}  // namespace
}  // namespace latchkey::http
