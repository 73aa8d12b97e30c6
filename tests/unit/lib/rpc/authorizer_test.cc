#include "lib/rpc/authorizer.h"

#include <gtest/gtest.h>

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "tests/support/status_matchers.h"

namespace latchkey::rpc {
namespace {

constexpr char kLease[] = "/latchkey.keyvault.v1.KeyVault/LeaseKeys";

class AuthorizerTest : public testing::Test {
 protected:
  AuthorizerTest() {
    const google::protobuf::ServiceDescriptor* const services[] = {
        keyvault::v1::PutKeyRequest::descriptor()->file()->FindServiceByName("KeyVault")};
    absl::StatusOr<CallerTable> table = MakeCallerTable(services);
    EXPECT_THAT(table, IsOk());
    table_ = std::move(*table);
  }
  absl::Status Ask(std::string_view path, const std::vector<std::string>& ids) {
    return Authorize(table_, path, ids);
  }

  CallerTable table_;
};

TEST_F(AuthorizerTest, TheContractsCallersMayCall) {
  EXPECT_THAT(Ask(kLease, {"spiffe://latchkey/media"}), IsOk());
  EXPECT_THAT(Ask(kLease, {"spiffe://latchkey/media/m1"}), IsOk());
}

TEST_F(AuthorizerTest, NobodyElseMay) {
  for (const char* id : {"spiffe://latchkey/gateway", "spiffe://latchkey/ops"}) {
    EXPECT_THAT(Ask(kLease, {id}),
                StatusIs(absl::StatusCode::kPermissionDenied, "caller_not_allowed"));
  }
}

TEST_F(AuthorizerTest, ACertificateWithNoIdentityOrTwoIsNobody) {
  for (const std::vector<std::string>& ids :
       {std::vector<std::string>{},
        {"spiffe://latchkey/media", "spiffe://latchkey/media"},
        {"spiffe://elsewhere/media"}}) {
    EXPECT_THAT(Ask(kLease, ids),
                StatusIs(absl::StatusCode::kPermissionDenied, "identity_unknown"));
  }
}

TEST_F(AuthorizerTest, WhatIsNotInTheTableIsDenied) {
  EXPECT_THAT(Ask("/latchkey.keyvault.v1.KeyVault/Export", {"spiffe://latchkey/ops"}),
              StatusIs(absl::StatusCode::kPermissionDenied, "caller_not_allowed"));
  EXPECT_THAT(Ask("", {"spiffe://latchkey/ops"}),
              StatusIs(absl::StatusCode::kPermissionDenied, "caller_not_allowed"));
}

TEST_F(AuthorizerTest, HealthIsForEverybodyKnownAndReflectionForOps) {
  EXPECT_THAT(Ask("/grpc.health.v1.Health/Check", {"spiffe://latchkey/billing"}), IsOk());
  for (const std::string version : {"v1alpha", "v1"}) {
    const std::string reflection =
        "/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo";
    EXPECT_THAT(Ask(reflection, {"spiffe://latchkey/ops"}), IsOk());
    EXPECT_THAT(Ask(reflection, {"spiffe://latchkey/billing"}),
                StatusIs(absl::StatusCode::kPermissionDenied, "caller_not_allowed"));
  }
}

}  // namespace
}  // namespace latchkey::rpc
