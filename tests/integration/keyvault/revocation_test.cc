// Leases that end before their time, and how their holders learn of it.
#include <fmt/format.h>

#include <set>
#include <thread>

#include "lib/base/metrics.h"
#include "tests/integration/keyvault/keyvault_program.h"
#include "tests/integration/keyvault/leasing_fixture.h"
#include "tests/integration/keyvault/revocation_watch.h"

namespace latchkey::keyvault {
namespace {

using testing::HasSubstr;

class RevocationTest : public LeasingFixture {
 protected:
  explicit RevocationTest(std::vector<std::string> settings = {})
      : LeasingFixture(std::move(settings)) {
    Save("tnt_a", "sk-ant-api03-first-0000-1111");
    Save("tnt_b");
  }

  absl::StatusOr<v1::RevokeAllResponse> RevokeTenant(const std::string& tenant) {
    v1::RevokeAllRequest request;
    request.set_tenant_id(tenant);
    return CallAs("ops", &Stub::PrepareAsyncRevokeAll, request);
  }

  absl::StatusOr<v1::SwitchVersionResponse> Switch(const std::string& lease, int from) {
    v1::SwitchVersionRequest request;
    request.set_lease_id(lease);
    request.set_from_version(from);
    return CallAs("media/m1", &Stub::PrepareAsyncSwitchVersion, request);
  }

  static double Fallbacks() {
    return metrics::MakeCounter("latchkey_keyvault_key_fallbacks_total", "",
                                {{"provider", "anthropic"}})
        .value();
  }
};

TEST_F(RevocationTest, AHolderIsToldOfItsOwnAndOfNobodyElses) {
  const std::string mine = Lease(Ticket("call_1"))->keys(0).lease_id();
  ASSERT_THAT(Lease(Ticket("call_2", "tnt_b", "m2"), "media/m2"), IsOk());
  RevocationWatch watch(ClientAs("media/m1"), 0);
  ASSERT_EQ(watch.Next()->revocations_size(), 0);
  v1::RevokeAllRequest all;
  all.set_all(true);

  EXPECT_EQ(CallAs("ops", &Stub::PrepareAsyncRevokeAll, all)->revoked_count(), 2);

  const std::optional<v1::WatchRevocationsResponse> told = watch.Next();
  ASSERT_TRUE(told.has_value());
  ASSERT_EQ(told->revocations_size(), 1);
  EXPECT_EQ(told->revocations(0).lease_id(), mine);
  EXPECT_EQ(told->revocations(0).reason(), v1::REVOCATION_REASON_REVOKED_BY_OPS);
  EXPECT_EQ(Count("keyvault.revocations"), 2);
}

TEST_F(RevocationTest, AStolenIdentityRevokesByCallerAndLeavesTheOthers) {
  const absl::StatusOr<v1::LeaseKeysResponse> m1 = Lease(Ticket("call_1"));
  const absl::StatusOr<v1::LeaseKeysResponse> m2 =
      Lease(Ticket("call_2", "tnt_a", "m2"), "media/m2");
  v1::RevokeAllRequest request;
  request.set_caller("spiffe://latchkey/media/m1");

  EXPECT_EQ(CallAs("ops", &Stub::PrepareAsyncRevokeAll, request)->revoked_count(), 1);

  EXPECT_EQ(Renew(*m1)->leases_size(), 0);
  EXPECT_EQ(Renew(*m2, "media/m2")->leases_size(), 1);
}

// The watcher's stream is cut after every message, while leases are revoked all the time.
TEST_F(RevocationTest, ARevocationDuringAReconnectIsNotMissed) {
  constexpr int kTenants = 40;
  std::set<std::string> held, told;
  for (int i = 0; i < kTenants; ++i) {
    const std::string tenant = "tnt_" + std::to_string(i);
    Save(tenant);
    held.insert(Lease(Ticket("call_" + std::to_string(i), tenant))->keys(0).lease_id());
  }
  rpc::Client<v1::KeyVault>& client = ClientAs("media/m1");
  std::thread watcher([&] {
    int64_t cursor = 0;
    const absl::Time end = absl::Now() + absl::Seconds(50);
    while (told.size() < kTenants && absl::Now() < end) {
      RevocationWatch watch(client, cursor);
      std::optional<v1::WatchRevocationsResponse> message = watch.Next();
      if (message.has_value() && message->revocations().empty()) message = watch.Next();
      if (!message.has_value()) continue;
      for (const v1::Revocation& revocation : message->revocations()) {
        EXPECT_TRUE(told.insert(revocation.lease_id()).second) << "told twice";
      }
      cursor = message->cursor();
    }
  });

  for (int i = 0; i < kTenants; ++i) {
    EXPECT_THAT(RevokeTenant("tnt_" + std::to_string(i)), IsOk());
  }
  watcher.join();

  EXPECT_EQ(told, held);
}

TEST_F(RevocationTest, AWatchGoesOnOverARestartOfPostgresAndOfKeyvault) {
  if (!cluster_.restartable()) GTEST_SKIP() << "the cluster is somebody else's";
  const std::string lease = Lease(Ticket("call_1"))->keys(0).lease_id();
  int64_t cursor = RevocationWatch(ClientAs("media/m1"), 0).Next()->cursor();
  cluster_.Stop();
  cluster_.Start();
  ASSERT_TRUE(Eventually([this] { return RevokeTenant("tnt_a").ok(); }));
  StopKeyvault();
  StartKeyvault();

  const std::optional<v1::WatchRevocationsResponse> told =
      RevocationWatch(ClientAs("media/m1"), cursor).Next();

  ASSERT_TRUE(told.has_value());
  ASSERT_EQ(told->revocations_size(), 1);
  EXPECT_EQ(told->revocations(0).lease_id(), lease);
}

TEST_F(RevocationTest, ABadNewKeyFallsBackOnceAndRaisesTheAlarm) {
  Save("tnt_a", "sk-ant-api03-second-0000-2222");
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(Ticket("call_1"));
  const std::string lease = leased->keys(0).lease_id();
  ASSERT_EQ(leased->keys(0).key_version(), 2);
  const double before = Fallbacks();

  const absl::StatusOr<v1::SwitchVersionResponse> older = Switch(lease, 2);

  ASSERT_THAT(older, IsOk());
  EXPECT_THAT(Opened(older->key(), "call_1"), IsOkAndHolds("sk-ant-api03-first-0000-1111"));
  EXPECT_EQ(Fallbacks(), before + 1);
  EXPECT_EQ(Audited("switch", "done", "fell_back"), 1);
  EXPECT_THAT(Switch(lease, 1),
              StatusIs(absl::StatusCode::kFailedPrecondition, "version_already_switched"));
  EXPECT_THAT(Switch(lease, 2), IsOk()) << "an answer that was lost is given again";
  EXPECT_EQ(Fallbacks(), before + 1);
}

TEST_F(RevocationTest, TheLogSaysWhoseNewKeyDoesNotWork) {
  Save("tnt_a", "sk-ant-api03-second-0000-2222");
  KeyvaultProgram program(Arguments(database_.service), ring_.folder());
  ASSERT_TRUE(program.AwaitServing()) << program.Log();
  Address(program.address());

  ASSERT_THAT(Switch(Lease(Ticket("call_1"))->keys(0).lease_id(), 2), IsOk());

  EXPECT_THAT(program.Log(), HasSubstr("\"a saved key does not work in calls\""));
  EXPECT_THAT(program.Log(), HasSubstr("\"tenant_id\":\"tnt_a\""));
}

class ShortLeaseTest : public RevocationTest {
 protected:
  ShortLeaseTest() : RevocationTest({"--lease-ttl=2s"}) {}
};

TEST_F(ShortLeaseTest, AHolderThatHearsNothingLosesItsLeaseByExpiry) {
  const type::v1::CallTicket ticket = Ticket("call_1");
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(ticket);
  ASSERT_THAT(leased, IsOk());
  ASSERT_EQ(RevokeTenant("tnt_a")->revoked_count(), 1);

  // No stream: but it is not renewed, and so it ends at the latest when the holder knows it ends.
  EXPECT_EQ(Renew(*leased)->leases_size(), 0);
  EXPECT_LE(leased->keys(0).expire_time().seconds(), absl::ToUnixSeconds(absl::Now()) + 2);
  EXPECT_THAT(Lease(ticket), StatusIs(absl::StatusCode::kPermissionDenied, "ticket_expired"));
}

TEST_F(ShortLeaseTest, ALeaseThatNobodyRenewsEndsByTheDatabasesClock) {
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(Ticket("call_1"));
  ASSERT_THAT(leased, IsOk());

  ASSERT_TRUE(
      Eventually([this] { return Count("keyvault.leases WHERE expire_time <= now()") == 1; }));

  EXPECT_EQ(Renew(*leased)->leases_size(), 0);
}

}  // namespace
}  // namespace latchkey::keyvault
