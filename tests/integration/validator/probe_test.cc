// Validator over real mTLS, with providers that are fake but speak HTTPS.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "latchkey/validator/v1/validator.grpc.pb.h"
#include "lib/http/server.h"
#include "lib/rpc/client_stream.h"
#include "lib/rpc/host.h"
#include "lib/secret/sealed_box.h"
#include "services/validator/config.h"
#include "services/validator/wiring.h"
#include "tests/support/await.h"
#include "tests/support/caller_matrix.h"
#include "tests/support/pki.h"
#include "tests/support/running_host.h"
#include "tests/support/status_matchers.h"

namespace latchkey::validator {
namespace {

constexpr char kSid[] = "AC00112233445566778899aabbccddeeff";

// The providers: answers by path, if the credentials are the ones below.
class FakeProviders final : public http::Handler {
 public:
  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override {
    if (request.upgrade) {
      co_await Converse(request, responder);
      co_return;
    }
    const http::Response response = Answer(request);
    absl::Status sent = co_await responder.Send(response);
    static_cast<void>(sent);
  }

 private:
  // OpenAI's Realtime: everything shows inside of the session.
  static Task<void> Converse(const http::ServerRequest& request, http::Responder& responder) {
    const http::WebsocketLimits limits;
    absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
    if (!socket.ok()) co_return;
    const std::string key(request.headers.Get("authorization"));
    const bool right = request.parsed.path == "/v1/realtime" &&
                       request.parsed.query.Get("model").starts_with("gpt-realtime");
    if (!right || key == "Bearer sk-closed") {
      co_await (*socket)->Close(1013, "insufficient_quota.insufficient_quota");
      co_return;
    }
    absl::Status sent = co_await (*socket)->WriteText(R"({"type":"session.created"})");
    absl::StatusOr<http::Message> asked = co_await (*socket)->Read();
    if (!sent.ok() || !asked.ok()) co_return;
    const std::string_view done =
        key == "Bearer sk-good"
            ? R"({"type":"response.done","response":{"status":"completed"}})"
            : R"({"type":"response.done","response":{"status":"failed","status_details":{"error":)"
              R"({"type":"invalid_request_error","code":"model_not_found"}}}})";
    sent = co_await (*socket)->WriteText(done);
    asked = co_await (*socket)->Read();  // Until the prober has gone.
  }

  static http::Response OpenaiModel(std::string_view path, std::string_view authorization) {
    if (authorization == "Bearer sk-unknown") {
      return Make(401, R"({"error":{"code":"invalid_api_key","type":"invalid_request_error"}})");
    }
    const bool known = path == "/v1/models/gpt-realtime-2.1" || path == "/v1/models/gpt-realtime-x";
    return Make(known ? 200 : 404, known ? "{}" : R"({"error":{"code":"model_not_found"}})");
  }

  static http::Response Make(int status, std::string body, http::Headers headers = {}) {
    http::Response response;
    response.status = status;
    response.body = std::move(body);
    response.headers = std::move(headers);
    return response;
  }

  static http::Response Answer(const http::ServerRequest& request) {
    const std::string& path = request.parsed.path;
    const std::string authorization(request.headers.Get("authorization"));
    if (path == "/v1/messages") {
      if (request.headers.Get("x-api-key") != "sk-ant-good") return Make(401, "{}");
      return Make(200, "{}", {{"anthropic-ratelimit-requests-limit", "1000"}});
    }
    if (path.starts_with("/v1/models/")) return OpenaiModel(path, authorization);
    if (path == "/tts/bytes") return Make(authorization == "Bearer sk_car_good" ? 200 : 401, "x");
    if (path == "/v1/listen") {
      if (authorization == "Token busy") return Make(429, "", {{"retry-after", "3"}});
      return Make(authorization == "Token good" && request.body.size() == 16044 ? 200 : 401, "{}");
    }
    // base64("key:token"), in Mumbai only; base64("acme1:token") in Singapore only.
    if (path == "/in/v1/Accounts/acme1.json" && authorization == "Basic a2V5OnRva2Vu") {
      return Make(200, R"({"Account":{"Sid":"acme1","Status":"active","AuthToken":"token"}})");
    }
    if (path == "/v1/Accounts/acme1.json" && authorization == "Basic YWNtZTE6dG9rZW4=") {
      return Make(200, R"({"Account":{"Sid":"acme1","Status":"active"}})");
    }
    // base64("AC00112233445566778899aabbccddeeff:token")
    if (authorization == "Basic QUMwMDExMjIzMzQ0NTU2Njc3ODg5OWFhYmJjY2RkZWVmZjp0b2tlbg==") {
      return Make(200, R"({"status":"active","type":"Trial","auth_token":"token"})");
    }
    return Make(401, R"({"code":20003})");
  }
};

// Serves the fakes on a thread of its own.
class FakeProviderServer {
 public:
  explicit FakeProviderServer(Pki& pki) {
    const rpc::TlsFiles files = pki.ForLocalhost();
    http::ServerOptions options;
    options.tls = *http::TlsContext::ForServer(files.cert, files.key);
    server_ = std::move(*http::Server::Listen(io_.get_executor(), options, handler_));
    port_ = server_->port();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~FakeProviderServer() {
    Spawn(io_.get_executor(), "stop", server_->Stop(absl::Seconds(1)));
    thread_.join();
  }
  std::string url() const { return "https://localhost:" + std::to_string(port_); }

 private:
  boost::asio::io_context io_{1};
  FakeProviders handler_;
  std::unique_ptr<http::Server> server_;
  uint16_t port_ = 0;
  std::thread thread_;
};

using Fields = std::map<std::string, std::string>;

class ProbeTest : public testing::Test {
 protected:
  ProbeTest() {
    rpc::HostOptions options;
    options.service = "validator";
    options.tls = pki_.ForService("validator");
    host_ = std::make_unique<rpc::Host>(options);
    service_ = std::make_unique<Service>(MakeConfig(), *host_);
    running_.emplace(*host_);
    client_.emplace(keyvault_, "validator", running_->address());
  }

  Config MakeConfig() {
    std::vector<std::string> arguments = {"--provider-ca=" + pki_.ca_file()};
    for (const char* name : {"anthropic", "cartesia", "deepgram", "exotel", "openai", "twilio"}) {
      arguments.push_back("--" + std::string(name) + "-url=" + providers_.url());
    }
    arguments.push_back("--exotel-in-url=" + providers_.url() + "/in");
    return *Config::Parse(arguments, {}, kSettings);
  }

  absl::StatusOr<pb::Verdict> Probe(Provider provider, const Fields& fields) {
    return Await(io_, Ask(provider, fields));
  }

  // What keyvault does.
  Task<absl::StatusOr<pb::Verdict>> Ask(Provider provider, Fields fields) {
    const rpc::CallOptions options(absl::Seconds(20));
    rpc::BidiStream<pb::ProbeRequest, pb::ProbeResponse> stream(
        *client_, &pb::Validator::Stub::PrepareAsyncProbe, options);
    absl::StatusOr<std::optional<pb::ProbeResponse>> invitation = co_await stream.Read();
    if (!invitation.ok()) co_return invitation.status();
    const pb::ProbeRequest request = Seal(provider, fields, (*invitation)->public_key());
    absl::Status written = co_await stream.Write(request);
    if (!written.ok()) co_return written;
    absl::StatusOr<std::optional<pb::ProbeResponse>> answer = co_await stream.Read();
    if (!answer.ok()) co_return answer.status();
    co_return (*answer)->verdict();
  }

  pb::ProbeRequest Seal(Provider provider, const Fields& fields, const std::string& public_key) {
    const auto receiver = secret::BoxPublicKey::Parse(public_key);
    pb::ProbeRequest request;
    request.set_provider(static_cast<type::v1::Provider>(provider));
    request.set_model(model_);
    for (const auto& [name, value] : fields) {
      const secret::BoxBinding binding =
          secret::BindProbe(static_cast<int>(bound_to_.value_or(provider)), name);
      type::v1::SealedField& field = *request.add_fields();
      field.set_name(name);
      field.set_sealed(*secret::SealedBox::Seal(*receiver, Secret(value), binding));
    }
    return request;
  }

  boost::asio::io_context io_{1};
  Pki pki_;
  FakeProviderServer providers_{pki_};
  std::unique_ptr<rpc::Host> host_;
  std::unique_ptr<Service> service_;
  std::optional<RunningHost> running_;
  rpc::Peers keyvault_{Loaded(pki_.ForService("keyvault"))};
  std::optional<rpc::Client<pb::Validator>> client_;
  std::string model_;                 // Of the request; empty is the usual one.
  std::optional<Provider> bound_to_;  // To seal for another provider than the one that is named.
};

TEST_F(ProbeTest, AGoodKeyOfEachProviderIsValid) {
  absl::StatusOr<pb::Verdict> anthropic = Probe(Provider::kAnthropic, {{"api_key", "sk-ant-good"}});
  absl::StatusOr<pb::Verdict> cartesia = Probe(Provider::kCartesia, {{"api_key", "sk_car_good"}});
  absl::StatusOr<pb::Verdict> deepgram = Probe(Provider::kDeepgram, {{"api_key", "good"}});

  ASSERT_THAT(anthropic, IsOk());
  EXPECT_TRUE(anthropic->valid());
  EXPECT_EQ(anthropic->call_ceiling(), 175);
  ASSERT_THAT(cartesia, IsOk());
  EXPECT_TRUE(cartesia->valid());
  ASSERT_THAT(deepgram, IsOk());
  EXPECT_TRUE(deepgram->valid());
}

TEST_F(ProbeTest, TheFactsOfACarriersAccountComeWithTheVerdict) {
  absl::StatusOr<pb::Verdict> twilio =
      Probe(Provider::kTwilio, {{"account_sid", kSid}, {"auth_token", "token"}});

  ASSERT_THAT(twilio, IsOk());
  EXPECT_TRUE(twilio->valid());
  EXPECT_TRUE(twilio->trial());
  EXPECT_EQ(twilio->carrier_account(), kSid);
}

TEST_F(ProbeTest, AKeyOfExotelsIsProbedInItsRegion) {
  absl::StatusOr<pb::Verdict> mumbai =
      Probe(Provider::kExotel,
            {{"sid", "acme1"}, {"api_key", "key"}, {"auth_token", "token"}, {"region", "in"}});
  absl::StatusOr<pb::Verdict> singapore =
      Probe(Provider::kExotel, {{"sid", "acme1"}, {"auth_token", "token"}});

  ASSERT_THAT(mumbai, IsOk());
  EXPECT_TRUE(mumbai->valid());
  EXPECT_EQ(mumbai->carrier_account(), "acme1");
  ASSERT_THAT(singapore, IsOk());
  EXPECT_TRUE(singapore->valid());
}

TEST_F(ProbeTest, AKeyOfExotelsOtherRegionIsRejectedWithThatAdvice) {
  absl::StatusOr<pb::Verdict> verdict =
      Probe(Provider::kExotel, {{"sid", "acme1"}, {"api_key", "key"}, {"auth_token", "token"}});
  absl::StatusOr<pb::Verdict> wrong =
      Probe(Provider::kExotel, {{"sid", "acme1"}, {"api_key", "key"}, {"auth_token", "guessed"}});
  absl::StatusOr<pb::Verdict> slashed =
      Probe(Provider::kExotel, {{"sid", "acme1/.."}, {"auth_token", "token"}});

  ASSERT_THAT(verdict, IsOk());
  EXPECT_EQ(verdict->rejection(), pb::REJECTION_INVALID_KEY);
  EXPECT_NE(verdict->message().find("\"in\""), std::string::npos);
  ASSERT_THAT(wrong, IsOk());
  EXPECT_EQ(wrong->rejection(), pb::REJECTION_INVALID_KEY);
  EXPECT_EQ(wrong->message().find("\"in\""), std::string::npos);
  ASSERT_THAT(slashed, IsOk());
  EXPECT_EQ(slashed->rejection(), pb::REJECTION_MALFORMED_KEY);
}

TEST_F(ProbeTest, AKeyOfOpenaisIsWorthWhatItsSessionAnswers) {
  const auto probe = [&](const char* key) { return Probe(Provider::kOpenai, {{"api_key", key}}); };
  absl::StatusOr<pb::Verdict> good = probe("sk-good");
  absl::StatusOr<pb::Verdict> unknown = probe("sk-unknown");
  absl::StatusOr<pb::Verdict> denied = probe("sk-denied");
  absl::StatusOr<pb::Verdict> closed = probe("sk-closed");

  ASSERT_THAT(good, IsOk());
  EXPECT_TRUE(good->valid()) << good->message();
  ASSERT_THAT(unknown, IsOk());
  EXPECT_EQ(unknown->rejection(), pb::REJECTION_INVALID_KEY);
  ASSERT_THAT(denied, IsOk());
  EXPECT_EQ(denied->rejection(), pb::REJECTION_MODEL_NOT_FOUND);
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->rejection(), pb::REJECTION_NO_CREDIT);
}

TEST_F(ProbeTest, TheModelOfTheRequestIsTheOneThatIsProbed) {
  model_ = "gpt-realtime-x";
  EXPECT_TRUE(Probe(Provider::kOpenai, {{"api_key", "sk-good"}})->valid());

  model_ = "gpt-realtime-unheard-of";
  absl::StatusOr<pb::Verdict> unknown = Probe(Provider::kOpenai, {{"api_key", "sk-good"}});
  ASSERT_THAT(unknown, IsOk());
  EXPECT_EQ(unknown->rejection(), pb::REJECTION_MODEL_NOT_FOUND);
  EXPECT_NE(unknown->message().find("gpt-realtime-unheard-of"), std::string::npos);

  model_ = "../v1/models";
  EXPECT_THAT(Probe(Provider::kOpenai, {{"api_key", "sk-good"}}),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

TEST_F(ProbeTest, ABadKeyIsRejectedWithAReason) {
  absl::StatusOr<pb::Verdict> deepgram = Probe(Provider::kDeepgram, {{"api_key", "bad"}});
  absl::StatusOr<pb::Verdict> twilio =
      Probe(Provider::kTwilio, {{"account_sid", kSid}, {"auth_token", "wrong"}});

  ASSERT_THAT(deepgram, IsOk());
  EXPECT_FALSE(deepgram->valid());
  EXPECT_EQ(deepgram->rejection(), pb::REJECTION_INVALID_KEY);
  EXPECT_FALSE(deepgram->message().empty());
  ASSERT_THAT(twilio, IsOk());
  EXPECT_EQ(twilio->rejection(), pb::REJECTION_INVALID_KEY);
}

TEST_F(ProbeTest, AnAccountSidThatIsNoneNeverGetsIntoAPath) {
  absl::StatusOr<pb::Verdict> twilio =
      Probe(Provider::kTwilio, {{"account_sid", "AC/../x"}, {"auth_token", "token"}});

  ASSERT_THAT(twilio, IsOk());
  EXPECT_EQ(twilio->rejection(), pb::REJECTION_MALFORMED_KEY);
}

TEST_F(ProbeTest, ABusyProviderGivesNoVerdict) {
  const absl::Status status = Probe(Provider::kDeepgram, {{"api_key", "busy"}}).status();

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, "provider_rate_limited"));
  EXPECT_EQ(Metadata(status)["retry_after_seconds"], "3");
}

TEST_F(ProbeTest, AKeySealedForAnotherProviderDoesNotOpen) {
  bound_to_ = Provider::kCartesia;

  EXPECT_THAT(Probe(Provider::kDeepgram, {{"api_key", "good"}}),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

TEST_F(ProbeTest, WhatTheCatalogueDoesNotKnowIsMalformed) {
  EXPECT_THAT(Probe(Provider::kDeepgram, {{"password", "good"}}),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
  EXPECT_THAT(Probe(Provider::kDeepgram, {}),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
  EXPECT_THAT(Probe(static_cast<Provider>(99), {}),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

TEST_F(ProbeTest, OnlyKeyvaultMayCall) {
  ExpectCallersAreEnforced(pki_, "validator", running_->address(),
                           *pb::Verdict::descriptor()->file()->FindServiceByName("Validator"));
}

}  // namespace
}  // namespace latchkey::validator
