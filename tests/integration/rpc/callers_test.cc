#include <grpcpp/grpcpp.h>

#include "tests/integration/rpc/echo_service.h"
#include "tests/support/caller_matrix.h"

namespace latchkey {
namespace {

TEST_F(EchoTest, EveryMethodLetsInExactlyItsCallers) {
  Serve();

  ExpectCallersAreEnforced(pki_, "keyvault", running_->address(),
                           *pb::SayRequest::descriptor()->file()->FindServiceByName("Echo"));
}

TEST_F(EchoTest, ACallWithoutADeadlineIsRefused) {
  Serve();
  const auto stub = pb::Echo::NewStub(media_.Connect("keyvault", running_->address()));
  grpc::ClientContext context;
  pb::SayResponse response;

  const grpc::Status status = stub->Say(&context, pb::SayRequest(), &response);

  EXPECT_THAT(rpc::FromGrpc(status),
              StatusIs(absl::StatusCode::kInvalidArgument, "deadline_missing"));
}

TEST_F(EchoTest, AMethodThatDoesNotExistIsRefusedLikeAForbiddenOne) {
  Serve();
  const auto stub = pb::Careless::NewStub(media_.Connect("keyvault", running_->address()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  pb::ForgetResponse response;

  const grpc::Status status = stub->Forget(&context, pb::ForgetRequest(), &response);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace latchkey
