// The health of keys: what calls report, what probes find, and who hears of it.
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <mutex>

#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "tests/integration/keyvault/keyvault_program.h"
#include "tests/integration/keyvault/leasing_fixture.h"

namespace latchkey::keyvault {
namespace {

using type::v1::PROVIDER_ANTHROPIC;

constexpr absl::Duration kPatience = absl::Seconds(20);

// Orchestrator's part: refuses the first `refuse` events, and keeps the others. Lives on gRPC's own
// threads.
class RecordingOrchestrator final : public orchestrator::v1::Orchestrator::Service {
 public:
  explicit RecordingOrchestrator(Pki& pki) {
    const rpc::TlsIdentity identity = Loaded(pki.ForService("orchestrator"));
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = identity.ca_pem;
    tls.pem_key_cert_pairs.push_back({identity.key_pem, identity.cert_pem});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  grpc::Status RecordEvent(grpc::ServerContext*,
                           const orchestrator::v1::RecordEventRequest* request,
                           orchestrator::v1::RecordEventResponse*) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (refuse_-- > 0) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "away");
    events_.push_back(request->event());
    came_.notify_all();
    return grpc::Status::OK;
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  void Stop() { server_->Shutdown(std::chrono::system_clock::now()); }

  void RefuseNext(int count) {
    const std::lock_guard<std::mutex> lock(mutex_);
    refuse_ = count;
  }

  // The events, once there are `count`, or when patience has ended.
  std::vector<orchestrator::v1::Event> WaitFor(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    came_.wait_for(lock, absl::ToChronoSeconds(kPatience), [&] { return events_.size() >= count; });
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  int refuse_ = 0;
  std::vector<orchestrator::v1::Event> events_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;  // Goes first.
};

class HealthTest : public LeasingFixture {
 protected:
  HealthTest() {
    StopKeyvault();
    AddSetting("--orchestrator=" + orchestrator_.address());
    StartKeyvault();
    Save("tnt_a");
  }

  v1::LeasedKey LeaseOne() {
    absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(Ticket("call_1"));
    EXPECT_THAT(leased, IsOk());
    return leased->keys(0);
  }

  void Report(const v1::LeasedKey& key, v1::ProviderAnswer answer, int ceiling = 0) {
    v1::ReleaseLeaseRequest request;
    request.set_call_id("call_1");
    v1::LeaseObservation& seen = *request.add_observations();
    seen.set_lease_id(key.lease_id());
    seen.set_key_version(key.key_version());
    seen.set_call_ceiling(ceiling);
    seen.add_answers()->set_answer(answer);
    EXPECT_THAT(CallAs("media/m1", &Stub::PrepareAsyncReleaseLease, request), IsOk());
  }

  v1::Key Listed() {
    v1::ListKeysRequest request;
    request.set_tenant_id("tnt_a");
    absl::StatusOr<v1::ListKeysResponse> listed =
        CallAs("dialer", &Stub::PrepareAsyncListKeys, request);
    EXPECT_THAT(listed, IsOk());
    return listed->keys(0);
  }

  absl::StatusOr<v1::RevalidateResponse> Revalidate() {
    v1::RevalidateRequest request;
    request.mutable_scope()->set_tenant_id("tnt_a");
    request.set_provider(PROVIDER_ANTHROPIC);
    return CallAs("gateway", &Stub::PrepareAsyncRevalidate, request);
  }

  bool Becomes(v1::KeyStatus status) {
    return Eventually([&] { return Listed().status() == status; });
  }

  void MakeDue() {
    RunSql("UPDATE keyvault.key_versions SET check_time = now() - interval '1 second'");
  }

  RecordingOrchestrator orchestrator_{pki_};
};

TEST_F(HealthTest, AnEmptyBalanceThatACallSawIsListedAndToldOnce) {
  orchestrator_.RefuseNext(1);

  Report(LeaseOne(), v1::PROVIDER_ANSWER_NO_CREDIT);

  const v1::Key key = Listed();
  EXPECT_EQ(key.status(), v1::KEY_STATUS_EXHAUSTED);
  EXPECT_EQ(key.status_reason(), "no_credit");
  EXPECT_LE(absl::Now() - absl::FromUnixSeconds(key.status_time().seconds()), absl::Minutes(1));
  const std::vector<orchestrator::v1::Event> events = orchestrator_.WaitFor(1);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind(), "key_health_changed");
  EXPECT_EQ(events[0].tenant_id(), "tnt_a");
  EXPECT_EQ(events[0].details().at("to"), "exhausted");
  EXPECT_EQ(RunSql("SELECT actor || ' ' || reason FROM keyvault.audit WHERE action = 'health'"),
            "spiffe://latchkey/media/m1 exhausted");
}

TEST_F(HealthTest, ARefusedKeyIsProbedAtOnceAndTheProbeDecides) {
  Report(LeaseOne(), v1::PROVIDER_ANSWER_KEY_REFUSED);
  EXPECT_TRUE(Eventually([&] { return validator_.probes == 2; }))
      << "one for the save, and one for the refusal";
  EXPECT_EQ(Listed().status(), v1::KEY_STATUS_VALID);
}

TEST_F(HealthTest, TheLimitsInACallsAnswersBecomeTheCeiling) {
  ASSERT_EQ(Listed().facts().call_ceiling(), 25);

  Report(LeaseOne(), v1::PROVIDER_ANSWER_WORKED, 9);

  EXPECT_EQ(Listed().facts().call_ceiling(), 9);
}

TEST_F(HealthTest, RevalidatingSaysWhatTheKeyIsWorthNow) {
  validator_.reject = true;
  absl::StatusOr<v1::RevalidateResponse> checked = Revalidate();
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->key().status(), v1::KEY_STATUS_EXHAUSTED);

  validator_.reject = false;
  checked = Revalidate();

  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->key().status(), v1::KEY_STATUS_VALID);
  EXPECT_EQ(orchestrator_.WaitFor(2).size(), 2u);
}

TEST_F(HealthTest, AKeyThatIsDueIsProbedByOneOfTwoReplicas) {
  KeyvaultProgram other(Arguments(database_.service), ring_.folder());
  ASSERT_TRUE(other.AwaitServing()) << other.Log();
  const int before = validator_.probes;
  validator_.reject = true;

  MakeDue();

  EXPECT_TRUE(Becomes(v1::KEY_STATUS_EXHAUSTED));
  EXPECT_EQ(validator_.probes, before + 1);
  EXPECT_EQ(RunSql("SELECT count(*) FROM keyvault.audit WHERE action = 'revalidate'"), "1");
}

TEST_F(HealthTest, WithoutOrchestratorTheEventWaits) {
  orchestrator_.Stop();
  Report(LeaseOne(), v1::PROVIDER_ANSWER_NO_CREDIT);

  EXPECT_EQ(Listed().status(), v1::KEY_STATUS_EXHAUSTED);
  EXPECT_EQ(RunSql("SELECT count(*) FROM keyvault.outbox"), "1");
}

}  // namespace
}  // namespace latchkey::keyvault
