// Connections that come of age while an instance watches its revocations.
#include <atomic>
#include <set>
#include <thread>

#include "tests/integration/keyvault/leasing_fixture.h"
#include "tests/integration/keyvault/revocation_watch.h"

namespace latchkey::keyvault {
namespace {

class AgeingTest : public LeasingFixture {
 protected:
  static constexpr int kTenants = 40;

  AgeingTest() {
    for (int i = 0; i < kTenants; ++i) {
      Save(TenantName(i));
      held_.insert(Lease(Ticket("call_" + std::to_string(i), TenantName(i)))->keys(0).lease_id());
    }
    StopKeyvault();
    LetConnectionsAge(absl::Milliseconds(100), absl::Seconds(1));
    StartKeyvault();
  }

  static std::string TenantName(int i) { return "tnt_" + std::to_string(i); }

  absl::Status RevokeTenant(int i) {
    v1::RevokeAllRequest request;
    request.set_tenant_id(TenantName(i));
    return CallAs("ops", &Stub::PrepareAsyncRevokeAll, request).status();
  }

  // As media does: from its cursor again whenever the stream ends.
  void FollowUntilAllAreTold(rpc::Client<v1::KeyVault>& client) {
    int64_t cursor = 0;
    const absl::Time end = absl::Now() + absl::Seconds(50);
    while (told_.size() < held_.size() && absl::Now() < end) {
      RevocationWatch watch(client, cursor);
      while (told_.size() < held_.size()) {
        const std::optional<v1::WatchRevocationsResponse> message = watch.Next();
        if (!message.has_value()) break;
        for (const v1::Revocation& revocation : message->revocations()) {
          EXPECT_TRUE(told_.insert(revocation.lease_id()).second) << "told twice";
        }
        cursor = message->cursor();
      }
      ++ends_;
    }
  }

  std::set<std::string> held_, told_;
  std::atomic<int> ends_ = 0;  // Of the watcher's streams.
};

TEST_F(AgeingTest, NoRevocationIsMissedWhileConnectionsComeOfAge) {
  rpc::Client<v1::KeyVault>& client = ClientAs("media/m1");
  std::thread watcher([&] { FollowUntilAllAreTold(client); });

  for (int i = 0; i < kTenants; ++i) {
    EXPECT_THAT(RevokeTenant(i), IsOk());
    const int ends = ends_;
    if (i % 10 == 9 && i + 1 < kTenants) {
      EXPECT_TRUE(Eventually([&] { return ends_ > ends; })) << "no connection came of age";
    }
  }
  watcher.join();

  EXPECT_EQ(told_, held_);
  EXPECT_GE(ends_, 3);
}

}  // namespace
}  // namespace latchkey::keyvault
