// Where a key may go to, and where a body that holds one is put.
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>

#include "lib/http/connect.h"
#include "lib/http/transport.h"
#include "lib/secret/arena.h"
#include "tests/integration/http/http_fixture.h"
#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

namespace asio = boost::asio;

Secret BoundKey(std::string host) {
  Secret key(std::string_view("s3cret"));
  key.BindTo({"api.other.test", std::move(host)});
  return key;
}

class KeySafetyTest : public HttpFixture {
 protected:
  absl::StatusOr<Response> SendKey(const Secret& key) {
    Request request = Get("/authorization");
    request.secret = SecretHeader::Token(key);
    return Send(request);
  }
};

TEST_F(KeySafetyTest, AKeyIsSentToItsHostWhateverTheCase) {
  const Secret key = BoundKey("LOCALHOST");
  Request request("GET", UrlOf("/authorization", "localhost"));
  request.secret = SecretHeader::Token(key);

  const absl::StatusOr<Response> response = Send(request);

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body, "Token s3cret");
}

TEST_F(KeySafetyTest, AKeyOfAnotherHostIsNotSent) {
  const Secret key = BoundKey("localhost");  // The same machine, and yet another name.

  EXPECT_THAT(SendKey(key), StatusIs(absl::StatusCode::kFailedPrecondition, "foreign_host"));
  EXPECT_EQ(handler_.requests, 0);
}

TEST_F(KeySafetyTest, AKeyOfAnotherHostIsNotSentToAWebsocket) {
  const Secret key = BoundKey("localhost");
  const std::optional<SecretHeader> secret = SecretHeader::Token(key);
  const Url url = UrlOf("/ws").AsWebsocket();

  const auto refused = Await(io_, ConnectWebsocket(*tls_, url, {}, secret, websocket_limits_));

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "foreign_host"));
  EXPECT_EQ(handler_.requests, 0);
}

TEST_F(KeySafetyTest, OfAPairOfKeysBothAreLookedAt) {
  const Secret user = BoundKey("localhost");
  const Secret password = BoundKey("127.0.0.1");
  Request request = Get("/authorization");
  request.secret = SecretHeader::Basic(user, password);

  EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kFailedPrecondition, "foreign_host"));
}

TEST_F(KeySafetyTest, AServiceSendsNoKeyThatNobodyBound) {
  tls_->RequireBoundKeys();
  Client client(io_.get_executor(), *tls_);
  const Secret unbound(std::string_view("s3cret"));
  const Secret bound = BoundKey("127.0.0.1");
  Request request = Get("/authorization");
  request.secret = SecretHeader::Token(unbound);
  const auto refused = Await(io_, client.Send(request, limits_));
  request.secret = SecretHeader::Token(bound);

  const auto sent = Await(io_, client.Send(request, limits_));

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "foreign_host"));
  EXPECT_THAT(sent, IsOk());
  EXPECT_EQ(handler_.requests, 1);
}

Task<boost::system::error_code> WriteHead(Transport& transport) {
  boost::system::error_code error;
  co_await transport.async_write_some(asio::buffer("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 27),
                                      asio::redirect_error(asio::use_awaitable, error));
  co_return error;
}

// Whatever a URL said: what counts in the end is whose certificate was verified.
TEST_F(KeySafetyTest, JustAboveTlsTheVerifiedPeerIsLookedAtOnceMore) {
  auto transport = Await(io_, http::Connect(*tls_, UrlOf("/", "localhost"), absl::Seconds(5)));
  ASSERT_THAT(transport, IsOk());
  const Secret foreign = BoundKey("127.0.0.1");
  const Secret own = BoundKey("localhost");

  transport->AddToNextWrite(SecretHeader::Token(foreign));
  EXPECT_EQ(Await(io_, WriteHead(*transport)), asio::error::access_denied);
  transport->AddToNextWrite(SecretHeader::Token(own));
  EXPECT_FALSE(Await(io_, WriteHead(*transport)));
}

// Keeps what it was sent, where /key says that there is a key in it.
class KeyHandler final : public Handler {
 public:
  Task<void> Handle(const ServerRequest& request, Responder& responder) override {
    texts += request.body;
    keys.push_back(std::move(request.secret_body));
    Response response;
    response.status = 204;
    const absl::Status sent = co_await responder.Send(response);
    EXPECT_THAT(sent, IsOk());
  }
  bool HoldsKey(std::string_view method, std::string_view path) const override {
    return method == "PUT" && path == "/key";
  }

  std::string texts;
  std::vector<Secret> keys;
};

class SecretBodyTest : public HttpFixture {
 protected:
  SecretBodyTest() {
    ServerOptions options;
    options.tls = *TlsContext::ForServer(leaf_.cert, leaf_.key);
    keys_ = *Server::Listen(io_.get_executor(), options, key_handler_);
  }
  ~SecretBodyTest() override { Await(io_, keys_->Stop(absl::ZeroDuration())); }

  absl::StatusOr<Response> Put(std::string_view path, std::string body) {
    const std::string origin = "https://127.0.0.1:" + std::to_string(keys_->port());
    Request request("PUT", Url::Parse(origin)->At(path));
    request.body = std::move(body);
    return Send(request);
  }

  const rpc::TlsFiles leaf_ = SharedPki().ForLocalhost();
  KeyHandler key_handler_;
  std::unique_ptr<Server> keys_;
};

TEST_F(SecretBodyTest, ABodyWithAKeyIsGivenInGuardedMemoryAlone) {
  const size_t before = secret::Arena::OfProcess().used_bytes();

  ASSERT_THAT(Put("/key?x=1", "{\"apiKey\": \"k\"}"), IsOk());

  EXPECT_EQ(key_handler_.texts, "");
  ASSERT_EQ(key_handler_.keys.size(), 1u);
  EXPECT_TRUE(Secret::EqualInConstantTime(key_handler_.keys[0],
                                          Secret(std::string_view("{\"apiKey\": \"k\"}"))));
  key_handler_.keys.clear();
  EXPECT_EQ(secret::Arena::OfProcess().used_bytes(), before);
}

TEST_F(SecretBodyTest, OtherBodiesAreTextsAsEver) {
  ASSERT_THAT(Put("/other", "text"), IsOk());

  EXPECT_EQ(key_handler_.texts, "text");
  EXPECT_TRUE(key_handler_.keys.at(0).empty());
}

TEST_F(SecretBodyTest, ABodyLongerThanAnyKeyIsRefused) {
  const absl::StatusOr<Response> response = Put("/key", std::string(16 * 1024 + 1, 'k'));

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 413);
  EXPECT_TRUE(key_handler_.keys.empty());
}

TEST_F(SecretBodyTest, WhileTheArenaIsNearlyFullKeysAreTurnedAway) {
  std::vector<Secret> others;
  while (secret::Arena::OfProcess().CheckRoom().ok()) others.push_back(Secret::OfSize(60 * 1024));

  const absl::StatusOr<Response> refused = Put("/key", "{}");
  others.clear();
  const absl::StatusOr<Response> taken = Put("/key", "{}");

  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->status, 503);
  ASSERT_THAT(taken, IsOk());
  EXPECT_EQ(taken->status, 204);
}

}  // namespace
}  // namespace latchkey::http
