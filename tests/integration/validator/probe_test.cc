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

// All four providers: answers by path, if the credentials are the ones below.
class FakeProviders final : public http::Handler {
 public:
  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override {
    const http::Response response = Answer(request);
    absl::Status sent = co_await responder.Send(response);
    static_cast<void>(sent);
  }

 private:
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
    if (path == "/tts/bytes") return Make(authorization == "Bearer sk_car_good" ? 200 : 401, "x");
    if (path == "/v1/listen") {
      if (authorization == "Token busy") return Make(429, "", {{"retry-after", "3"}});
      return Make(authorization == "Token good" && request.body.size() == 16044 ? 200 : 401, "{}");
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
    for (const char* name : {"anthropic", "cartesia", "deepgram", "twilio"}) {
      arguments.push_back("--" + std::string(name) + "-url=" + providers_.url());
    }
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
