#include "tests/integration/keyvault/rotation_fixture.h"

#include <fmt/format.h>

namespace latchkey::keyvault {

std::string RotationFixture::KeyOf(int tenant) {
  return fmt::format("sk-ant-api03-of-tenant-{:06}-canary", tenant);
}

void RotationFixture::SaveTenants(int count) {
  for (int i = 0; i < count; ++i, ++tenants_) {
    Save(fmt::format("tnt_{}", tenants_), KeyOf(tenants_));
  }
}

void RotationFixture::ExpectEveryKeyIsLeased() {
  for (int i = 0; i < tenants_; ++i) {
    const std::string call = fmt::format("call_{}", ++calls_);
    const absl::StatusOr<v1::LeaseKeysResponse> leased =
        Lease(Ticket(call, fmt::format("tnt_{}", i)));
    ASSERT_THAT(leased, IsOk()) << "tenant " << i;
    EXPECT_THAT(Opened(leased->keys(0), call), IsOkAndHolds(KeyOf(i)));
  }
}

void RotationFixture::TakeRing(const std::string& current, const std::vector<std::string>& ids) {
  ring_.Write(current, ids);
  ASSERT_TRUE(Eventually([&] { return IntakeKeyId() == current; })) << "the ring was not taken";
}

std::string RotationFixture::IntakeKeyId() {
  const absl::StatusOr<v1::GetIntakeKeyResponse> intake =
      CallAs("gateway", &Stub::PrepareAsyncGetIntakeKey, v1::GetIntakeKeyRequest());
  return intake.ok() ? intake->intake_key_id() : "";
}

absl::StatusOr<v1::RewrapResponse> RotationFixture::Rewrap(v1::RewrapAction action) {
  v1::RewrapRequest request;
  request.set_action(action);
  return CallAs("ops", &Stub::PrepareAsyncRewrap, request);
}

absl::StatusOr<v1::RetireRootKeyResponse> RotationFixture::Retire(const std::string& root_key) {
  v1::RetireRootKeyRequest request;
  request.set_root_key_id(root_key);
  return CallAs("ops", &Stub::PrepareAsyncRetireRootKey, request);
}

}  // namespace latchkey::keyvault
