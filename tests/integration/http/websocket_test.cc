#include "lib/http/websocket.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "lib/base/deadline.h"
#include "tests/integration/http/http_fixture.h"
#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ::testing::HasSubstr;

class WebsocketTest : public HttpFixture {
 protected:
  absl::StatusOr<std::string> Echo(Websocket& websocket, std::string data, bool text = true) {
    absl::Status written =
        Await(io_, text ? websocket.WriteText(data) : websocket.WriteBinary(data));
    if (!written.ok()) return written;
    absl::StatusOr<http::Message> message = Await(io_, websocket.Read());
    if (!message.ok()) return message.status();
    EXPECT_EQ(message->text, text);
    return std::string(message->data);
  }
};

TEST_F(WebsocketTest, CarriesTextAndBytesBothWays) {
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = Connect("/ws");
  ASSERT_THAT(websocket, IsOk());

  EXPECT_THAT(Echo(**websocket, "hello"), IsOkAndHolds("hello"));
  EXPECT_THAT(Echo(**websocket, std::string(1, '\0') + "\xff", false),
              IsOkAndHolds(std::string(1, '\0') + "\xff"));
  EXPECT_THAT(Echo(**websocket, std::string(60'000, 'x')), IsOkAndHolds(std::string(60'000, 'x')));
  EXPECT_THAT(Echo(**websocket, ""), IsOkAndHolds(""));
}

TEST_F(WebsocketTest, SendsTheKeyInTheHeadOfTheUpgrade) {
  const Secret key(std::string_view("s3cret"));
  const Url url = UrlOf("/authorization").AsWebsocket();
  const std::optional<SecretHeader> secret = SecretHeader::Token(key);

  const auto refused =
      Await(io_, ConnectWebsocket(*tls_, url, {{"X-Other", "1"}}, secret, websocket_limits_));

  ASSERT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable, "upgrade_refused"));
  EXPECT_EQ(Metadata(refused.status())["http_body"], "Token s3cret");
}

TEST_F(WebsocketTest, SendsNoKeyWithoutTls) {
  const Secret key(std::string_view("s3cret"));
  const std::optional<SecretHeader> secret = SecretHeader::Token(key);

  EXPECT_THAT(Await(io_, ConnectWebsocket(*tls_, *Url::Parse("ws://127.0.0.1:1/"), {}, secret,
                                          websocket_limits_)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "insecure_url"));
}

TEST_F(WebsocketTest, ReportsWhyAnUpgradeWasRefused) {
  const auto refused = Connect("/refused");

  ASSERT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable, "upgrade_refused"));
  EXPECT_EQ(Metadata(refused.status())["http_status"], "401");
  EXPECT_THAT(Metadata(refused.status())["http_body"], HasSubstr("INVALID_AUTH"));
}

TEST_F(WebsocketTest, AnUpgradeIsRefusedWhereNoneWasAsked) {
  const absl::StatusOr<Response> response = Send(Get("/ws"));

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 400);
}

TEST_F(WebsocketTest, RefusesACertificateOfAnotherHost) {
  const auto files = SharedPki().Issue(Leaf{.common_name = "localhost", .dns = {"other.test"}});
  ServerOptions options;
  options.tls = *TlsContext::ForServer(files.cert, files.key);
  std::unique_ptr<Server> impostor = *Server::Listen(io_.get_executor(), options, handler_);
  const Url url = *Url::Parse("wss://localhost:" + std::to_string(impostor->port()) + "/ws");

  EXPECT_THAT(Await(io_, ConnectWebsocket(*tls_, url, {}, std::nullopt, websocket_limits_)),
              StatusIs(absl::StatusCode::kUnavailable, "tls_failed"));
  Await(io_, impostor->Stop(absl::ZeroDuration()));
}

TEST_F(WebsocketTest, TellsTheOtherSideWhyItCloses) {
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = Connect("/ws");
  ASSERT_THAT(websocket, IsOk());

  Await(io_, (*websocket)->Close(1000, "done"));

  while (handler_.closed_with.empty()) io_.run_one();
  EXPECT_EQ(handler_.closed_with, "closed 1000");
}

TEST_F(WebsocketTest, ReportsTheCodeAndReasonOfAClose) {
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = Connect("/ws");
  ASSERT_THAT(websocket, IsOk());

  const auto ended = Echo(**websocket, "bye");

  ASSERT_THAT(ended, StatusIs(absl::StatusCode::kUnavailable, "closed"));
  EXPECT_EQ(Metadata(ended.status())["close_code"], "1011");
  EXPECT_EQ(Metadata(ended.status())["close_reason"], "NET-0001 no audio");
}

TEST_F(WebsocketTest, ADroppedConnectionIsNotAClose) {
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = Connect("/ws?drop=1");
  ASSERT_THAT(websocket, IsOk());

  EXPECT_THAT(Await(io_, (*websocket)->Read()),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
}

TEST_F(WebsocketTest, AbortingEndsAPendingRead) {
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = Connect("/ws");
  ASSERT_THAT(websocket, IsOk());
  asio::post(io_, [&] { (*websocket)->Abort(); });

  EXPECT_THAT(Await(io_, (*websocket)->Read()),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
  while (handler_.closed_with.empty()) io_.run_one();
  EXPECT_EQ(handler_.closed_with, "unreachable");
}

TEST_F(WebsocketTest, ABrokenConnectionStaysBroken) {
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = Connect("/ws?drop=1");
  ASSERT_THAT(websocket, IsOk());
  ASSERT_THAT(Await(io_, (*websocket)->Read()), StatusIs(absl::StatusCode::kUnavailable));

  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Await(io_, (*websocket)->WriteText("hello")),
                StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
    EXPECT_THAT(Await(io_, (*websocket)->Read()),
                StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
  }
}

TEST_F(WebsocketTest, CancellingEndsAPendingRead) {
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = Connect("/ws");
  ASSERT_THAT(websocket, IsOk());

  EXPECT_THAT(Await(io_, WithDeadline((*websocket)->Read(), absl::Milliseconds(20))),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  while (handler_.closed_with.empty()) io_.run_one();
}

TEST_F(WebsocketTest, RefusesAMessageThatIsTooLarge) {
  websocket_limits_.message_bytes_max = 1000;
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = Connect("/ws");
  ASSERT_THAT(websocket, IsOk());

  EXPECT_THAT(Echo(**websocket, std::string(1001, 'x')),
              StatusIs(absl::StatusCode::kResourceExhausted, "message_too_large"));
}

// Answers the upgrade as a real server would, then sends `bytes` and goes silent.
Task<void> Misbehave(tcp::acceptor& acceptor, tcp::socket& socket, std::string bytes) {
  boost::system::error_code error;
  co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
  char request[2048];
  co_await socket.async_read_some(asio::buffer(request),
                                  asio::redirect_error(asio::use_awaitable, error));
  co_await asio::async_write(socket, asio::buffer(bytes),
                             asio::redirect_error(asio::use_awaitable, error));
}

class RawWebsocketTest : public WebsocketTest {
 protected:
  absl::Status ConnectTo(std::string bytes, bool close) {
    tcp::acceptor acceptor(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    tcp::socket socket(io_);
    Group group(io_.get_executor());
    group.Spawn("misbehave", Misbehave(acceptor, socket, std::move(bytes)));
    const std::string port = std::to_string(acceptor.local_endpoint().port());
    const Url url = *Url::Parse("ws://127.0.0.1:" + port + "/");
    if (close) group.Spawn("close", CloseAfter(group, socket));
    const auto websocket =
        Await(io_, ConnectWebsocket(*tls_, url, {}, std::nullopt, websocket_limits_));
    Await(io_, group.Join());
    return websocket.status();
  }

  Task<void> CloseAfter(Group& group, tcp::socket& socket) {
    while (group.size() > 1) co_await asio::post(io_, asio::use_awaitable);
    socket.close();
  }
};

TEST_F(RawWebsocketTest, GarbageInsteadOfAnAnswerIsNoWebsocket) {
  EXPECT_THAT(ConnectTo("SSH-2.0-OpenSSH_9.2\r\n\r\n", true),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
}

TEST_F(RawWebsocketTest, HalfAnAnswerIsNoWebsocket) {
  websocket_limits_.connect = absl::Milliseconds(50);

  EXPECT_THAT(ConnectTo("HTTP/1.1 101 Switching", false),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(ConnectTo("HTTP/1.1 101 Switching", true),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
}

TEST_F(RawWebsocketTest, AnAnswerWithoutTheRightProofIsNoWebsocket) {
  EXPECT_THAT(ConnectTo("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
                        true),
              StatusIs(absl::StatusCode::kUnavailable, "unreachable"));
}

// Sends bytes of the test's choice where a server's frames should be.
class FrameHandler final : public Handler {
 public:
  Task<void> Handle(const ServerRequest&, Responder& responder) override {
    pending = responder.TakeUpgrade();
    co_return;
  }
  std::unique_ptr<PendingUpgrade> pending;
};

TEST_F(WebsocketTest, GivesUpOnAPeerThatGoesSilent) {
  FrameHandler silent;
  ServerOptions options;
  std::unique_ptr<Server> server = *Server::Listen(io_.get_executor(), options, silent);
  const Url url = *Url::Parse("ws://127.0.0.1:" + std::to_string(server->port()));
  websocket_limits_.connect = absl::Milliseconds(30);

  EXPECT_THAT(Await(io_, ConnectWebsocket(*tls_, url, {}, std::nullopt, websocket_limits_)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  silent.pending.reset();
  Await(io_, server->Stop(absl::ZeroDuration()));
}

Task<absl::StatusOr<std::string>> EchoOnce(PendingUpgrade& pending) {
  const auto executor = co_await asio::this_coro::executor;
  const WebsocketLimits limits;
  const Headers headers;
  absl::StatusOr<std::unique_ptr<Websocket>> websocket =
      co_await pending.Accept(executor, limits, headers);
  if (!websocket.ok()) co_return websocket.status();
  absl::StatusOr<http::Message> message = co_await (*websocket)->Read();
  if (!message.ok()) co_return message.status();
  std::string heard(message->data);
  absl::Status written = co_await (*websocket)->WriteText("other thread: " + heard);
  if (!written.ok()) co_return written;
  co_return heard;
}

TEST_F(WebsocketTest, AnAcceptedConnectionCanMoveToAnotherThread) {
  FrameHandler taker;
  ServerOptions options;
  const auto files = SharedPki().ForLocalhost();
  options.tls = *TlsContext::ForServer(files.cert, files.key);
  std::unique_ptr<Server> server = *Server::Listen(io_.get_executor(), options, taker);
  const Url url = *Url::Parse("wss://127.0.0.1:" + std::to_string(server->port()));
  absl::StatusOr<std::unique_ptr<Websocket>> websocket = absl::UnknownError("not yet");
  Group group(io_.get_executor());
  std::thread other;
  const Headers headers;
  const std::optional<SecretHeader> secret;
  auto connect = ConnectWebsocket(*tls_, url, headers, secret, websocket_limits_);
  auto adopt = [&] {
    while (!taker.pending) io_.run_one();
    other = std::thread([&] {
      boost::asio::io_context io(1);
      EXPECT_THAT(Await(io, EchoOnce(*taker.pending)), IsOkAndHolds("hello"));
    });
  };
  asio::post(io_, adopt);
  websocket = Await(io_, std::move(connect));
  ASSERT_THAT(websocket, IsOk());

  EXPECT_THAT(Echo(**websocket, "hello"), IsOkAndHolds("other thread: hello"));

  other.join();
  Await(io_, server->Stop(absl::ZeroDuration()));
}

}  // namespace
}  // namespace latchkey::http
