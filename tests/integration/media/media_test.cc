// media as it is deployed: its wiring, its methods over mTLS, and what carriers reach.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "latchkey/media/v1/media.grpc.pb.h"
#include "lib/http/client.h"
#include "lib/rpc/client.h"
#include "services/media/config.h"
#include "services/media/wiring.h"
#include "tests/support/await.h"
#include "tests/support/caller_matrix.h"
#include "tests/support/pki.h"
#include "tests/support/running_host.h"
#include "tests/support/status_matchers.h"

namespace latchkey::media {
namespace {

using ::testing::StartsWith;
using Stub = v1::Media::Stub;

Pki& TestPki() {
  static Pki pki;
  return pki;
}

Config ConfigOf(const std::string& recordings, int capacity) {
  const rpc::TlsFiles tls = TestPki().ForService("media/m1");
  const std::vector<std::string> arguments = {
      "--tls-cert=" + tls.cert, "--tls-key=" + tls.key, "--tls-ca=" + tls.ca, "--instance=m1",
      "--recordings=" + recordings, "--public-url=https://media.example",
      // Nobody listens there: an instance comes up without its peers.
      "--dialer=127.0.0.1:1", "--orchestrator=127.0.0.1:1", "--keyvault=127.0.0.1:1",
      "--io-threads=1", "--drain-timeout=1s", "--capacity=" + std::to_string(capacity)};
  return *Config::Parse(arguments, {}, kSettings);
}

rpc::HostOptions OptionsOf(const Config& config) {
  rpc::HostOptions options{.service = "media"};
  options.tls = {config.Text("tls-cert"), config.Text("tls-key"), config.Text("tls-ca")};
  options.drain_timeout = absl::Seconds(1);
  return options;
}

class MediaTest : public ::testing::Test {
 protected:
  static std::string MakeDirectory() {
    std::string name = "/tmp/latchkey-media-XXXXXX";
    return ::mkdtemp(name.data());
  }
  ~MediaTest() override { std::filesystem::remove_all(recordings_); }

  static v1::StartCallRequest Start(const std::string& call_id) {
    v1::StartCallRequest request;
    request.mutable_spec()->set_call_id(call_id);
    request.mutable_spec()->set_tenant_id("tnt_1");
    request.mutable_spec()->set_from("+15550100");
    request.mutable_spec()->set_to("+14155550100");
    request.mutable_spec()->set_carrier(type::v1::PROVIDER_TWILIO);
    request.mutable_ticket()->set_ticket("ticket");
    request.mutable_ticket()->set_signature("signature");
    return request;
  }
  absl::Status Call(const v1::StartCallRequest& request) {
    const rpc::CallOptions options(absl::Seconds(5));
    return Await(io_, rpc::Call(client_, &Stub::PrepareAsyncStartCall, request, options)).status();
  }
  absl::StatusOr<http::Response> Http(std::string method, std::string_view path,
                                      std::string body = "") {
    http::Client client(io_.get_executor(), *http::TlsContext::ForClient());
    const std::string base = "http://127.0.0.1:" + std::to_string(service_.carrier_port());
    http::Request request(std::move(method), http::Url::Parse(base)->At(path));
    request.body = std::move(body);
    const http::Limits limits;
    return Await(io_, client.Send(request, limits));
  }

  const std::string recordings_ = MakeDirectory();
  const Config config_ = ConfigOf(recordings_, 1);
  boost::asio::io_context io_{1};
  rpc::Host host_{OptionsOf(config_)};
  Service service_{config_, host_};
  RunningHost running_{host_};
  rpc::Peers dialer_{Loaded(TestPki().ForService("dialer"))};
  rpc::Client<v1::Media> client_{dialer_, "media/m1", running_.address()};
};

TEST_F(MediaTest, EveryMethodLetsInExactlyTheCallersThatItNames) {
  ExpectCallersAreEnforced(TestPki(), "media/m1", running_.address(),
                           *v1::StartCallRequest::descriptor()->file()->service(0));
}

TEST_F(MediaTest, ACallHasItsPlaceAtOnceAndAFullInstanceTakesNoOther) {
  EXPECT_THAT(Call(Start("call_1")), IsOk());
  EXPECT_THAT(Call(Start("call_1")), IsOk());  // The same again is no other.

  EXPECT_THAT(Call(Start("call_2")),
              StatusIs(absl::StatusCode::kResourceExhausted, "instance_full"));
}

TEST_F(MediaTest, AnInboundCallHasItsStreamsAddressAndTheSameForARepetition) {
  v1::StartCallRequest request = Start("call_1");
  request.mutable_spec()->set_direction(type::v1::CALL_DIRECTION_INBOUND);
  request.mutable_spec()->set_from("anonymous");
  EXPECT_THAT(Call(request), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
  request.mutable_spec()->set_carrier_call_id("CA1");
  const rpc::CallOptions options(absl::Seconds(5));

  const auto first = Await(io_, rpc::Call(client_, &Stub::PrepareAsyncStartCall, request, options));
  const auto again = Await(io_, rpc::Call(client_, &Stub::PrepareAsyncStartCall, request, options));

  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(first->stream_url(), StartsWith("wss://media.example/m/m1/"));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->stream_url(), first->stream_url());
}

TEST_F(MediaTest, AnOversizedWebhookIsNotRead) {
  const std::string form = "CallSid=" + std::string(20 * 1024, 'C');

  const absl::StatusOr<http::Response> response = Http("POST", "/carrier/twilio/inbound", form);

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 413);
}

TEST_F(MediaTest, AnIncompleteSpecIsRefused) {
  v1::StartCallRequest request = Start("call_1");
  request.mutable_spec()->clear_to();
  EXPECT_THAT(Call(request), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));

  request = Start("call_1");
  request.clear_ticket();
  EXPECT_THAT(Call(request), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

TEST_F(MediaTest, ACallThatDoesNotRunHereIsNotFound) {
  v1::EndCallRequest request;
  request.set_call_id("call_9");
  const rpc::CallOptions options(absl::Seconds(5));

  const absl::StatusOr<v1::EndCallResponse> ended =
      Await(io_, rpc::Call(client_, &Stub::PrepareAsyncEndCall, request, options));

  EXPECT_THAT(ended, StatusIs(absl::StatusCode::kNotFound, "call_not_found"));
}

TEST_F(MediaTest, AStreamWithAStrangeTokenIsNotLetIn) {
  const absl::StatusOr<http::Response> response = Http("GET", "/m/m1/nonsense");

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 404);
}

TEST_F(MediaTest, ACallbackThatNobodyCanVerifyIsNotBelieved) {
  const absl::StatusOr<http::Response> response = Http("POST", "/carrier/twilio/call_1/status");

  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 503);
}

}  // namespace
}  // namespace latchkey::media
