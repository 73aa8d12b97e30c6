// DialerTest: dialer as it runs: its own wiring, real mTLS, real Postgres; its peers are small
// fakes.
#pragma once

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

  // Somebody calls the tenant's number, and the carrier asks this instance about it.
  absl::StatusOr<v1::AdmitInboundResponse> CallIn(rpc::Client<v1::Dialer>& instance,
                                                  bool has_room = true,
                                                  const std::string& signature = "genuine") {
    v1::AdmitInboundRequest request;
    request.set_carrier(type::v1::PROVIDER_TWILIO);
    request.set_url("https://latchkey.example/carrier/twilio/inbound");
    request.set_signature(signature);
    request.set_has_room(has_room);
    request.set_incarnation("first");
    AddParameters({{"CallSid", "CA7"}, {"From", "+14155550142"}, {"To", "+14155550100"}}, request);
    return Ask(instance, &Stub::PrepareAsyncAdmitInbound, request);
  }

  template <typename Request>
  static void AddParameters(const std::vector<std::pair<std::string, std::string>>& form,
                            Request& request) {
    for (const auto& [name, value] : form) {
      v1::CarrierParameter& parameter = *request.add_parameters();
      parameter.set_name(name);
      parameter.set_value(value);
    }
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

}  // namespace latchkey::dialer
