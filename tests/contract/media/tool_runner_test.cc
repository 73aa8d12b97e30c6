// The contract of ToolRunner, kept by its fake and by the real adapter.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>

#include "lib/base/error.h"
#include "lib/rpc/grpc_status.h"
#include "lib/rpc/peers.h"
#include "lib/rpc/tls.h"
#include "services/media/adapters/grpc_tool_runner.h"
#include "tests/support/await.h"
#include "tests/support/media/fake_ports.h"
#include "tests/support/pki.h"
#include "tests/support/status_matchers.h"

namespace latchkey::media {
namespace {

namespace orch = ::latchkey::orchestrator::v1;

struct Told final : ToolRunner::Listener {
  void OnToolAnswer(int run, const absl::StatusOr<std::string>& answer) override {
    answers.emplace_back(run, answer);
  }
  std::vector<std::pair<int, absl::StatusOr<std::string>>> answers;
};

struct FakeToolWorld {
  ToolRunner& port() { return fake; }
  void Answer(Told& told) {
    for (const FakeToolRunner::Wanted& wanted : fake.wanted) {
      if (fake.stopped) continue;
      if (wanted.use.name == "broken") {
        told.OnToolAnswer(wanted.run, Error(absl::StatusCode::kUnavailable, "tool_failed", ""));
      } else {
        told.OnToolAnswer(wanted.run, wanted.use.arguments);
      }
    }
    fake.wanted.clear();
  }
  void Finish() {}
  boost::asio::io_context io{1};
  FakeToolRunner fake;
};

// Answers with the arguments. Lives on gRPC's own threads.
class EchoingOrchestrator final : public orch::Orchestrator::Service {
 public:
  explicit EchoingOrchestrator(Pki& pki) {
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
  grpc::Status RunTool(grpc::ServerContext*, const orch::RunToolRequest* request,
                       orch::RunToolResponse* response) override {
    const std::lock_guard lock(mutex_);
    last_ = *request;
    if (request->tool() == "broken") {
      return rpc::ToGrpc(Error(absl::StatusCode::kUnavailable, "tool_failed", "Down."));
    }
    response->set_answer(request->arguments());
    return grpc::Status::OK;
  }
  orch::RunToolRequest last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  std::mutex mutex_;  // gRPC's threads against the test's.
  orch::RunToolRequest last_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

struct GrpcToolWorld {
  ToolRunner& port() { return real; }
  void Answer(Told& told) {
    const absl::Time until = absl::Now() + absl::Seconds(5);
    while (told.answers.empty() && absl::Now() < until) {
      io.restart();
      io.run_for(std::chrono::milliseconds(5));
    }
  }
  void Finish() { Await(io, real.Join()); }
  static CallSpec Spec() {
    CallSpec spec;
    spec.call_id = "call_1";
    spec.tenant_id = "tnt_1";
    spec.number_id = "num_1";
    return spec;
  }
  boost::asio::io_context io{1};
  Pki pki;
  EchoingOrchestrator orchestrator{pki};
  rpc::Peers peers{Loaded(pki.ForService("media/m1"))};
  GrpcToolRunner::Client client{peers, "orchestrator", orchestrator.address()};
  GrpcToolRunner real{io.get_executor(), client, Spec()};
};

template <typename World>
class ToolRunnerContract : public ::testing::Test {
 protected:
  ToolRunnerContract() { world_.port().Start(told_); }
  ~ToolRunnerContract() override { world_.Finish(); }
  void Run(int run, const std::string& name) {
    world_.port().Run(run, {.id = "t", .name = name, .arguments = R"({"day":"monday"})"},
                      absl::Seconds(5));
  }
  World world_;
  Told told_;
};
using ToolWorlds = ::testing::Types<FakeToolWorld, GrpcToolWorld>;
TYPED_TEST_SUITE(ToolRunnerContract, ToolWorlds);

TYPED_TEST(ToolRunnerContract, AnAnswerComesBackUnderTheNumberOfItsRun) {
  this->Run(7, "find_slot");
  EXPECT_TRUE(this->told_.answers.empty());  // Never from inside of a command.
  this->world_.Answer(this->told_);

  ASSERT_EQ(this->told_.answers.size(), 1u);
  EXPECT_EQ(this->told_.answers[0].first, 7);
  EXPECT_THAT(this->told_.answers[0].second, IsOkAndHolds(R"({"day":"monday"})"));
}

TYPED_TEST(ToolRunnerContract, AFailureComesBackWithItsReason) {
  this->Run(1, "broken");
  this->world_.Answer(this->told_);

  ASSERT_EQ(this->told_.answers.size(), 1u);
  EXPECT_THAT(this->told_.answers[0].second,
              StatusIs(absl::StatusCode::kUnavailable, "tool_failed"));
}

TYPED_TEST(ToolRunnerContract, NothingIsToldAfterStop) {
  this->Run(1, "find_slot");
  this->world_.port().Stop();
  this->world_.Finish();

  EXPECT_TRUE(this->told_.answers.empty());
}

TEST(GrpcToolRunnerTest, OrchestratorLearnsWhoseToolItIs) {
  GrpcToolWorld world;
  Told told;
  world.port().Start(told);
  world.port().Run(3, {.id = "t", .name = "find_slot", .arguments = "{}"}, absl::Seconds(5));
  world.Answer(told);

  const orch::RunToolRequest request = world.orchestrator.last();
  EXPECT_EQ(request.tenant_id(), "tnt_1");
  EXPECT_EQ(request.number_id(), "num_1");
  EXPECT_EQ(request.call_id(), "call_1");
  EXPECT_EQ(request.invocation_id(), "call_1-3");
  world.Finish();
}

}  // namespace
}  // namespace latchkey::media
