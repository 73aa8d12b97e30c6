// Two replicas of keyvault on one database, under one load.
#include <fmt/format.h>

#include "lib/base/spawn.h"
#include "tests/integration/keyvault/keyvault_program.h"
#include "tests/integration/keyvault/rotation_fixture.h"

namespace latchkey::keyvault {
namespace {

class ReplicasTest : public RotationFixture {
 protected:
  ReplicasTest() {
    SaveTenants(4);
    EXPECT_TRUE(other_.AwaitServing()) << other_.Log();
    first_ = run_->address();
  }

  Task<void> Ask(v1::LeaseKeysRequest request, std::string address,
                 absl::StatusOr<v1::LeaseKeysResponse>& result) {
    Address(address);
    rpc::Client<v1::KeyVault>& client = ClientAs("media/m1");
    const rpc::CallOptions options(absl::Seconds(60));
    result = co_await rpc::Call(client, &Stub::PrepareAsyncLeaseKeys, request, options);
  }

  KeyvaultProgram other_{Arguments(database_.service), ring_.folder()};
  std::string first_;
};

TEST_F(ReplicasTest, OneTicketAtBothGivesOneLeaseAndTheChainsAreWhole) {
  constexpr size_t kCalls = 200;
  std::vector<absl::StatusOr<v1::LeaseKeysResponse>> here(kCalls), there(kCalls);
  Group group(io_.get_executor());
  for (size_t i = 0; i < kCalls; ++i) {
    const v1::LeaseKeysRequest request =
        Signed(Ticket(fmt::format("call_{}", i), fmt::format("tnt_{}", i % 4)));
    group.Spawn("lease here", Ask(request, first_, here[i]));
    group.Spawn("lease there", Ask(request, other_.address(), there[i]));
  }
  Await(io_, group.Join());

  for (size_t i = 0; i < kCalls; ++i) {
    ASSERT_THAT(here[i], IsOk());
    ASSERT_THAT(there[i], IsOk());
    EXPECT_EQ(here[i]->keys(0).lease_id(), there[i]->keys(0).lease_id());
  }
  EXPECT_EQ(Count("keyvault.leases"), static_cast<int>(kCalls));
  EXPECT_EQ(Audited("lease", "done"), static_cast<int>(kCalls));
  EXPECT_EQ(Audited("lease", "repeated"), static_cast<int>(kCalls));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Verify(fmt::format("tnt_{}", i))->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
  }
}

TEST_F(ReplicasTest, BothSealToOneIntakeKeyAndTakeANewRing) {
  Address(other_.address());
  EXPECT_EQ(IntakeKeyId(), "first");
  TakeRing("second", {"first", "second"});
  Address(first_);
  ASSERT_TRUE(Eventually([this] { return IntakeKeyId() == "second"; }));

  // Either replica rewraps, both at once: every row moves once.
  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_START), IsOk());
  Address(other_.address());
  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_START), IsOk());
  ASSERT_TRUE(Eventually([this] { return LeftCount() == 0; }));
  EXPECT_EQ(Audited("rewrap", "done"), 4);
  ExpectEveryKeyIsLeased();
}

}  // namespace
}  // namespace latchkey::keyvault
