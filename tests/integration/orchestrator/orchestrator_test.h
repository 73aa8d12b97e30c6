// OrchestratorTest: the whole service over mTLS, on Postgres, with a keyvault that tells what a
// test wants.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/pg/migrate.h"
#include "lib/rpc/client.h"
#include "lib/rpc/client_stream.h"
#include "lib/rpc/host.h"
#include "migrations/orchestrator.h"
#include "services/orchestrator/config.h"
#include "services/orchestrator/wiring.h"
#include "tests/support/await.h"
#include "tests/support/orchestrator/listing_keyvault.h"
#include "tests/support/pki.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/running_host.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {

using Stub = v1::Orchestrator::Stub;

class OrchestratorTest : public ::testing::Test {
 protected:
  // Its connections grow that old, and their streams have that long then.
  explicit OrchestratorTest(absl::Duration connection_age = absl::Minutes(5),
                            absl::Duration connection_grace = absl::Minutes(6)) {
    const pg::MigrateOptions options{database_.owner, "orchestrator"};
    EXPECT_THAT(Await(io_, pg::Migrate(io_.get_executor(), options, Migrations())), IsOk());
    rpc::HostOptions host;
    host.service = "orchestrator";
    host.tls = pki_.ForService("orchestrator");
    host.connection_age = connection_age;
    host.connection_grace = connection_grace;
    host_ = std::make_unique<rpc::Host>(host);
    service_ = std::make_unique<Service>(MakeConfig(host.tls), *host_);
    running_ = std::make_unique<RunningHost>(*host_);
  }

  Config MakeConfig(const rpc::TlsFiles& tls) const {
    const std::vector<std::string> arguments = {
        "--tls-cert=" + tls.cert,
        "--tls-key=" + tls.key,
        "--tls-ca=" + tls.ca,
        "--pg=" + database_.service,
        "--keyvault=" + keyvault_.address(),
        "--recordings=" + pki_.directory(),  // A folder that goes with the test.
    };
    absl::StatusOr<Config> config = Config::Parse(arguments, {}, kSettings);
    EXPECT_THAT(config, IsOk());
    return *config;
  }

  rpc::Peers& As(const std::string& caller) {
    std::unique_ptr<rpc::Peers>& peers = peers_[caller];
    if (peers == nullptr) peers = std::make_unique<rpc::Peers>(Loaded(pki_.ForService(caller)));
    return *peers;
  }

  rpc::Client<v1::Orchestrator> ClientOf(const std::string& caller) {
    return rpc::Client<v1::Orchestrator>(As(caller), "orchestrator", running_->address());
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const std::string& caller,
                                std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (
                                    Stub::*prepare)(grpc::ClientContext*, const Request&,
                                                    grpc::CompletionQueue*),
                                const Request& request) {
    rpc::Client<v1::Orchestrator> client = ClientOf(caller);
    const rpc::CallOptions options(absl::Seconds(10));
    return Await(io_, rpc::Call(client, prepare, request, options));
  }

  std::string MakeTenant() {
    v1::CreateTenantRequest request;
    request.set_request_id("request-" + std::to_string(++requests_));
    request.set_name("Blue Dental");
    request.set_country("US");
    request.set_currency_code("USD");
    request.set_plan(v1::PLAN_BYOK);
    auto made = Call("ops", &Stub::PrepareAsyncCreateTenant, request);
    EXPECT_THAT(made, IsOk());
    return made.ok() ? made->tenant().tenant_id() : std::string();
  }

  v1::CreateNumberRequest NumberOf(const std::string& tenant_id) {
    v1::CreateNumberRequest request;
    request.set_request_id("request-" + std::to_string(++requests_));
    request.set_tenant_id(tenant_id);
    request.set_e164("+14155550100");
    request.set_carrier(type::v1::PROVIDER_TWILIO);
    request.mutable_agent()->set_first_message("Hello, this is Blue Dental.");
    return request;
  }

  absl::Status Append(const std::vector<v1::CallEvent>& events) {
    v1::AppendCallEventsRequest request;
    for (const v1::CallEvent& event : events) *request.add_events() = event;
    return Call("media/m1", &Stub::PrepareAsyncAppendCallEvents, request).status();
  }

  static v1::CallEvent Event(const std::string& tenant_id, int64_t sequence) {
    v1::CallEvent event;
    event.set_call_id("call_one");
    event.set_tenant_id(tenant_id);
    event.set_sequence(sequence);
    event.mutable_event_time()->set_seconds(1'790'000'000 + sequence);
    return event;
  }

  boost::asio::io_context io_{1};
  Pki pki_;
  PostgresCluster& cluster_ = PostgresCluster::Shared();
  TestDatabase database_ = cluster_.MakeDatabase("orchestrator");
  ListingKeyvault keyvault_{pki_};
  std::map<std::string, std::unique_ptr<rpc::Peers>> peers_;
  std::unique_ptr<rpc::Host> host_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<RunningHost> running_;
  int requests_ = 0;
};

}  // namespace latchkey::orchestrator
