// Dialer as it runs: its own wiring, real mTLS, real Postgres; its peers are small fakes.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "lib/secret/key_file.h"
#include "services/dialer/config.h"
#include "services/dialer/domain/reasons.h"
#include "services/dialer/wiring.h"
#include "tests/integration/dialer/fake_services.h"
#include "tests/support/await.h"
#include "tests/support/caller_matrix.h"
#include "tests/support/dialer/dialer_database.h"
#include "tests/support/pki.h"
#include "tests/support/running_host.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

using Stub = v1::Dialer::Stub;

// A fake service on a host of its own.
template <typename Fake>
struct Running {
  Running(Pki& pki, const std::string& name)
      : host(rpc::HostOptions{.service = name.substr(0, name.find('/')),
                              .tls = pki.ForService(name)}),
        fake(host),
        server(host) {}

  rpc::Host host;
  Fake fake;
  RunningHost server;
};

class DialerTest : public testing::Test {
 protected:
  DialerTest() {
    EXPECT_THAT(secret::GenerateTicketKey(pki_.directory()), IsOk());
    service_ = std::move(Service::Make(Settings(), host_).value());
    running_ = std::make_unique<RunningHost>(host_);
    gateway_ = ClientFor(gateway_peers_);
    m1_client_ = ClientFor(m1_peers_);
    m2_client_ = ClientFor(m2_peers_);
    m1_.fake.dialer = m1_client_.get();
    m2_.fake.dialer = m2_client_.get();
  }

  ~DialerTest() override { running_.reset(); }

  Config Settings() {
    const std::vector<std::string> arguments = {
        "--pg=" + database_.database().service,
        "--tls-cert=" + files_.cert,
        "--tls-key=" + files_.key,
        "--tls-ca=" + files_.ca,
        "--ticket-key-file=" + pki_.directory() + "/ticket.key",
        "--keyvault=" + keyvault_.server.address(),
        "--billing=" + billing_.server.address(),
        "--orchestrator=" + orchestrator_.server.address()};
    return Config::Parse(arguments, {}, kSettings).value();
  }

  std::unique_ptr<rpc::Client<v1::Dialer>> ClientFor(rpc::Peers& peers) {
    return std::make_unique<rpc::Client<v1::Dialer>>(peers, "dialer", running_->address());
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(rpc::Client<v1::Dialer>& client,
                               std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (
                                   Stub::*method)(grpc::ClientContext*, const Request&,
                                                  grpc::CompletionQueue*),
                               const Request& request) {
    const rpc::CallOptions options(absl::Seconds(10));
    return Await(io_, rpc::Call(client, method, request, options));
  }

  void Beat(rpc::Client<v1::Dialer>& instance, const std::string& address,
            const std::string& incarnation = "first") {
    v1::HeartbeatRequest request;
    request.set_address(address);
    request.set_capacity(10);
    request.set_incarnation(incarnation);
    EXPECT_THAT(Ask(instance, &Stub::PrepareAsyncHeartbeat, request), IsOk());
  }

  absl::StatusOr<v1::PlaceCallResponse> Place(const std::string& to = "+14155550123") {
    v1::PlaceCallRequest request;
    request.set_request_id("r1");
    request.set_tenant_id("tnt_a");
    request.set_number_id("num_a");
    request.set_to(to);
    return Ask(*gateway_, &Stub::PrepareAsyncPlaceCall, request);
  }

  v1::Call Get(const std::string& call_id) {
    v1::GetCallRequest request;
    request.set_tenant_id("tnt_a");
    request.set_call_id(call_id);
    return Ask(*gateway_, &Stub::PrepareAsyncGetCall, request).value().call();
  }

  absl::StatusOr<v1::ReportCarrierEventResponse> Callback(const std::string& call_id,
                                                          const std::string& status,
                                                          const std::string& signature) {
    v1::ReportCarrierEventRequest request;
    request.set_call_id(call_id);
    request.set_carrier(type::v1::PROVIDER_TWILIO);
    request.set_url("https://latchkey.example/carrier/twilio/" + call_id + "/status");
    request.set_signature(signature);
    for (const auto& [name, value] :
         {std::pair("CallSid", "CA1"), std::pair("CallStatus", status.c_str()),
          std::pair("SequenceNumber", "2")}) {
      v1::CarrierParameter& parameter = *request.add_parameters();
      parameter.set_name(name);
      parameter.set_value(value);
    }
    return Ask(*m1_client_, &Stub::PrepareAsyncReportCarrierEvent, request);
  }

  absl::StatusOr<v1::CompleteCallResponse> Complete(rpc::Client<v1::Dialer>& instance,
                                                    const std::string& call_id) {
    v1::CompleteCallRequest request;
    request.set_call_id(call_id);
    request.set_disposition(v1::DISPOSITION_COMPLETED);
    request.set_reason("agent_hung_up");
    request.mutable_answer_time()->set_seconds(1'790'000'000);
    request.mutable_end_time()->set_seconds(1'790'000'042);
    return Ask(instance, &Stub::PrepareAsyncCompleteCall, request);
  }

  boost::asio::io_context io_{1};
  DialerDatabase database_{io_};
  Pki pki_;
  Running<FakeKeyVault> keyvault_{pki_, "keyvault"};
  Running<FakeOrchestrator> orchestrator_{pki_, "orchestrator"};
  Running<FakeBilling> billing_{pki_, "billing"};
  // Clients of a fake outlive its server, which uses them; they are made once dialer runs.
  rpc::Peers gateway_peers_{Loaded(pki_.ForService("gateway"))};
  rpc::Peers m1_peers_{Loaded(pki_.ForService("media/m1"))};
  rpc::Peers m2_peers_{Loaded(pki_.ForService("media/m2"))};
  std::unique_ptr<rpc::Client<v1::Dialer>> gateway_;
  std::unique_ptr<rpc::Client<v1::Dialer>> m1_client_;
  std::unique_ptr<rpc::Client<v1::Dialer>> m2_client_;
  Running<FakeMedia> m1_{pki_, "media/m1"};
  Running<FakeMedia> m2_{pki_, "media/m2"};
  const rpc::TlsFiles files_ = pki_.ForService("dialer");
  rpc::Host host_{rpc::HostOptions{.service = "dialer", .tls = files_}};
  std::unique_ptr<Service> service_;
  std::unique_ptr<RunningHost> running_;
};

TEST_F(DialerTest, ACallGoesFromItsRequestToItsUsage) {
  Beat(*m1_client_, m1_.server.address());
  billing_.fake.refusals = 1;

  const auto placed = Place();

  ASSERT_THAT(placed, IsOk());
  const std::string id = placed->call().call_id();
  const auto order = m1_.fake.started.Take();
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->spec().call_id(), id);
  EXPECT_EQ(order->spec().from(), "+14155550100");
  EXPECT_EQ(order->spec().to(), "+14155550123");
  EXPECT_EQ(order->spec().agent().first_message(), "Hello.");
  EXPECT_EQ(order->spec().agent().call_duration_max().seconds(), 600);

  v1::ReportProgressRequest progress;
  progress.set_call_id(id);
  progress.set_state(v1::CALL_STATE_PLACING);
  progress.set_carrier_call_id("CA1");
  progress.mutable_event_time()->set_seconds(1'790'000'000);
  ASSERT_THAT(Ask(*m1_client_, &Stub::PrepareAsyncReportProgress, progress), IsOk());
  ASSERT_THAT(Callback(id, "in-progress", "genuine"), IsOk());
  EXPECT_EQ(Get(id).state(), v1::CALL_STATE_ANSWERED);

  ASSERT_THAT(Complete(*m1_client_, id), IsOk());
  ASSERT_THAT(Complete(*m1_client_, id), IsOk());

  EXPECT_EQ(Get(id).state(), v1::CALL_STATE_ENDED);
  EXPECT_EQ(Get(id).reason(), "agent_hung_up");
  EXPECT_EQ(Get(id).answered_duration().seconds(), 42);
  const auto usage = billing_.fake.usage.Take();
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->call_id(), id);
  EXPECT_EQ(usage->answered_duration().seconds(), 42);
  EXPECT_EQ(usage->rate().per_minute().micros(), 400'000);
  EXPECT_EQ(usage->mode(), billing::v1::BILLING_MODE_BUNDLED);
}

TEST_F(DialerTest, TheTicketIsSignedAndNamesTheInstance) {
  Beat(*m1_client_, m1_.server.address());
  ASSERT_THAT(Place(), IsOk());
  const auto order = m1_.fake.started.Take();
  ASSERT_TRUE(order.has_value());

  const auto key = secret::VerifyingKey::FromFile(pki_.directory() + "/ticket.pub");
  ASSERT_THAT(key, IsOk());
  EXPECT_TRUE(
      key->Verify(secret::kTicketLabel, order->ticket().ticket(), order->ticket().signature()));
  type::v1::CallTicket ticket;
  ASSERT_TRUE(ticket.ParseFromString(order->ticket().ticket()));
  EXPECT_EQ(ticket.media_instance(), "m1");
  EXPECT_EQ(ticket.grants_size(), 4);
}

TEST_F(DialerTest, ARepeatedRequestStartsNoSecondCall) {
  Beat(*m1_client_, m1_.server.address());
  const auto first = Place();
  const auto second = Place();

  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->call().call_id(), first->call().call_id());
  EXPECT_EQ(m1_.fake.started.size(), 1u);
  EXPECT_THAT(Place("+14155550124"),
              StatusIs(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused));
}

TEST_F(DialerTest, AForgedCallbackChangesNothing) {
  Beat(*m1_client_, m1_.server.address());
  const std::string id = Place().value().call().call_id();

  EXPECT_THAT(Callback(id, "completed", "forged"),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid));

  EXPECT_EQ(Get(id).state(), v1::CALL_STATE_QUEUED);
  EXPECT_EQ(database_.Look("SELECT count(*) FROM dialer.calls WHERE carrier_sequence >= 0"), "0");
}

TEST_F(DialerTest, AnotherInstanceMayNotCloseACall) {
  Beat(*m1_client_, m1_.server.address());
  const std::string id = Place().value().call().call_id();

  EXPECT_THAT(Complete(*m2_client_, id),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCallForeign));
}

TEST_F(DialerTest, ANumberOnTheDncListIsNotCalled) {
  Beat(*m1_client_, m1_.server.address());
  v1::AddDncRequest add;
  add.set_tenant_id("tnt_a");
  add.set_e164("+14155550123");
  ASSERT_THAT(Ask(*gateway_, &Stub::PrepareAsyncAddDnc, add), IsOk());
  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kOnDncList));

  v1::RemoveDncRequest remove;
  remove.set_tenant_id("tnt_a");
  remove.set_e164("+14155550123");
  ASSERT_THAT(Ask(*gateway_, &Stub::PrepareAsyncRemoveDnc, remove), IsOk());
  EXPECT_THAT(Place(), IsOk());
}

TEST_F(DialerTest, WhatMayNotBeCalledIsNamed) {
  Beat(*m1_client_, m1_.server.address());
  EXPECT_THAT(Place("+442079460123"),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCountryNotAllowed));
  EXPECT_THAT(Place("+19005550123"),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kPremiumNumber));
  EXPECT_THAT(Place("+1415555"),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kNumberNotCallable));
  EXPECT_THAT(Place("4155550123"),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedNumber));
}

TEST_F(DialerTest, WithoutMediaTheFleetIsFullAndNothingIsLeftBehind) {
  EXPECT_THAT(Place(), StatusIs(absl::StatusCode::kResourceExhausted, reasons::kFleetFull));
  EXPECT_EQ(database_.Look("SELECT count(*) FROM dialer.calls"), "0");
}

TEST_F(DialerTest, HangingUpReachesTheInstance) {
  Beat(*m1_client_, m1_.server.address());
  const std::string id = Place().value().call().call_id();
  v1::EndCallRequest request;
  request.set_tenant_id("tnt_a");
  request.set_call_id(id);

  ASSERT_THAT(Ask(*gateway_, &Stub::PrepareAsyncEndCall, request), IsOk());

  const auto ended = m1_.fake.ended.Take();
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->call_id(), id);
  EXPECT_EQ(ended->reason(), reasons::kEndedByTenant);
}

TEST_F(DialerTest, ACallOfARestartedInstanceIsSettledAndBilledOnceWithItsTrueLength) {
  Beat(*m1_client_, m1_.server.address());
  const std::string id = Place().value().call().call_id();

  // It goes on beating while it waits, as an instance does.
  std::optional<media::v1::SettleCallRequest> settled;
  for (int beats = 0; beats < 40 && !settled.has_value(); ++beats) {
    Beat(*m1_client_, m1_.server.address(), "second");
    settled = m1_.fake.settled.Take(std::chrono::seconds(1));
  }

  ASSERT_TRUE(settled.has_value());
  EXPECT_EQ(settled->call_id(), id);
  EXPECT_EQ(settled->carrier_call_id(), "");
  type::v1::CallTicket ticket;
  ASSERT_TRUE(ticket.ParseFromString(settled->ticket().ticket()));
  EXPECT_EQ(ticket.purpose(), type::v1::TICKET_PURPOSE_SETTLE);
  ASSERT_EQ(ticket.grants_size(), 1);
  EXPECT_EQ(ticket.grants(0).provider(), type::v1::PROVIDER_TWILIO);
  const auto usage = billing_.fake.usage.Take();
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->call_id(), id);
  EXPECT_EQ(usage->answered_duration().seconds(), 17);
  EXPECT_EQ(Get(id).state(), v1::CALL_STATE_ENDED);
}

TEST_F(DialerTest, EveryMethodLetsInExactlyTheCallersThatItNames) {
  ExpectCallersAreEnforced(pki_, "dialer", running_->address(),
                           *v1::Call::descriptor()->file()->service(0));
}

}  // namespace
}  // namespace latchkey::dialer
