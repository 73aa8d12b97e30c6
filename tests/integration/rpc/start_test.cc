#include "lib/rpc/process.h"
#include "tests/integration/rpc/echo_service.h"

namespace latchkey {
namespace {

class CarelessService {
 public:
  Task<absl::Status> Forget(const rpc::CallContext&, const pb::ForgetRequest&,
                            pb::ForgetResponse&) {
    co_return absl::OkStatus();
  }
  Task<absl::Status> Mistake(const rpc::CallContext&, const pb::MistakeRequest&,
                             pb::MistakeResponse&) {
    co_return absl::OkStatus();
  }
};

TEST_F(EchoTest, AMethodWithoutCallersDoesNotStart) {
  CarelessService careless;
  host_->Serve<pb::Careless>(careless).Unary(&pb::Careless::AsyncService::RequestForget,
                                             &CarelessService::Forget);

  const absl::Status started = host_->Start();

  EXPECT_THAT(started, StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
  EXPECT_THAT(Message(started), testing::HasSubstr("Careless/Forget has no `callers`"));
}

TEST_F(EchoTest, AMethodWithAnUnknownCallerDoesNotStart) {
  CarelessService careless;
  host_->Serve<pb::Misspelt>(careless).Unary(&pb::Misspelt::AsyncService::RequestMistake,
                                             &CarelessService::Mistake);

  const absl::Status started = host_->Start();

  EXPECT_THAT(started, StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
  EXPECT_THAT(Message(started), testing::HasSubstr("\"mediia\""));
}

TEST_F(EchoTest, AMethodThatNobodyRegisteredDoesNotStart) {
  rpc::Host host(Options());
  host.Serve<pb::Echo>(*service_).Unary(&pb::Echo::AsyncService::RequestSay, &EchoService::Say);

  const absl::Status started = host.Start();

  EXPECT_THAT(started, StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
  EXPECT_THAT(Message(started), testing::HasSubstr("Echo/Repeat"));
}

TEST_F(EchoTest, APortInUseDoesNotStart) {
  Serve();
  rpc::HostOptions options = Options();
  options.listen = running_->address();
  rpc::Host second(options);

  EXPECT_THAT(second.Start(), StatusIs(absl::StatusCode::kFailedPrecondition, "cannot_start"));
}

TEST_F(EchoTest, AKeyOfAnotherCertificateIsNotLoaded) {
  rpc::TlsFiles files = pki_.ForService("media");
  files.key = pki_.ForService("media").key;

  EXPECT_THAT(rpc::LoadTls(files),
              StatusIs(absl::StatusCode::kFailedPrecondition, "bad_certificate"));
}

TEST(ProcessTest, VariablesThatRevealSecretsAreNoticed) {
  for (const char* name : {"GRPC_TRACE", "GRPC_VERBOSITY", "SSLKEYLOGFILE"}) {
    setenv(name, "all", 1);
    EXPECT_EQ(rpc::RevealingVariable(), name);
    unsetenv(name);
  }
  EXPECT_EQ(rpc::RevealingVariable(), "");
}

}  // namespace
}  // namespace latchkey
