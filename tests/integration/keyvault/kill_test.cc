// kill -9 of keyvault at the moments that matter: nothing is half done, and nothing is done twice.
#include <fmt/format.h>

#include <future>

#include "tests/integration/keyvault/keyvault_program.h"
#include "tests/integration/keyvault/leasing_fixture.h"
#include "tests/support/postgres_proxy.h"

namespace latchkey::keyvault {
namespace {

using type::v1::PROVIDER_ANTHROPIC;

constexpr absl::Duration kPatience = absl::Seconds(30);

class KillTest : public LeasingFixture {
 protected:
  KillTest() {
    Save("tnt_a", "sk-ant-api03-old-0000-1111");
    StopKeyvault();
    StartProgram();
  }

  // The real program, which reaches Postgres through the proxy.
  void StartProgram() {
    program_.reset();
    proxy_.Go();
    program_ = std::make_unique<KeyvaultProgram>(Arguments(proxy_.conninfo()), ring_.folder());
    ASSERT_TRUE(program_->AwaitServing()) << program_->Log();
    Address(program_->address());
  }

  // Makes the call on another thread, and kills the program when Postgres' line was stopped.
  template <typename Call>
  auto KillDuring(Call call) {
    auto result = std::async(std::launch::async, call);
    EXPECT_TRUE(proxy_.AwaitStopped(kPatience)) << program_->Log();
    program_->Kill();
    return result.get();
  }

  absl::StatusOr<v1::PutKeyResponse> PutNew() {
    return Put("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", "sk-ant-api03-new-0000-2222"}}, "new");
  }

  // Postgres ends what the killed program had begun as soon as it sees that the line is gone.
  void AwaitNoTransaction() {
    EXPECT_TRUE(Eventually([this] {
      return Count("pg_stat_activity WHERE datname = '" + database_.name +
                   "' AND usename = 'keyvault'") == 0;
    }));
  }

  PostgresProxy proxy_{database_.service};
  std::unique_ptr<KeyvaultProgram> program_;
};

TEST_F(KillTest, BetweenProbeAndStoreTheOldKeyStays) {
  proxy_.StopBefore({"keyvault_insert_request"});

  EXPECT_FALSE(KillDuring([this] { return PutNew(); }).ok());

  const int probes = validator_.probes;
  EXPECT_EQ(Count("keyvault.key_versions"), 1);
  StartProgram();
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(Ticket("call_1"));
  ASSERT_THAT(leased, IsOk());
  EXPECT_THAT(Opened(leased->keys(0), "call_1"), IsOkAndHolds("sk-ant-api03-old-0000-1111"));
  const absl::StatusOr<v1::PutKeyResponse> again = PutNew();
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->key().version(), 2);
  EXPECT_EQ(validator_.probes, probes + 1);
}

TEST_F(KillTest, BeforeTheCommitOfASaveNothingIsStored) {
  proxy_.StopBefore({"keyvault_insert_request", "COMMIT"});

  EXPECT_FALSE(KillDuring([this] { return PutNew(); }).ok());

  proxy_.Go();
  AwaitNoTransaction();
  EXPECT_EQ(Count("keyvault.key_versions"), 1);
  EXPECT_EQ(Count("keyvault.key_fields"), 1);
  EXPECT_EQ(Audited("save", "done"), 1);
}

TEST_F(KillTest, BetweenTheCommitOfASaveAndItsAnswerTheSameRequestFindsItDone) {
  proxy_.StopAfter({"keyvault_insert_request", "COMMIT"});

  EXPECT_FALSE(KillDuring([this] { return PutNew(); }).ok());

  const int probes = validator_.probes;
  StartProgram();
  const absl::StatusOr<v1::PutKeyResponse> again = PutNew();
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->key().version(), 2);
  EXPECT_EQ(validator_.probes, probes) << "it was probed then";
  EXPECT_EQ(Count("keyvault.key_versions"), 2);
  EXPECT_EQ(Audited("save", "done"), 2);
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

TEST_F(KillTest, BeforeTheCommitOfALeaseThereIsNoLeaseAndNoRow) {
  const type::v1::CallTicket ticket = Ticket("call_1");
  proxy_.StopBefore({"keyvault_grant", "COMMIT"});

  EXPECT_FALSE(KillDuring([&] { return Lease(ticket); }).ok());

  proxy_.Go();
  AwaitNoTransaction();
  EXPECT_EQ(Count("keyvault.leases"), 0);
  EXPECT_EQ(Audited("lease", "done"), 0);
  StartProgram();
  EXPECT_THAT(Lease(ticket), IsOk());
}

TEST_F(KillTest, BetweenTheCommitOfALeaseAndItsAnswerTheSameTicketGivesTheSameLease) {
  const type::v1::CallTicket ticket = Ticket("call_1");
  proxy_.StopAfter({"keyvault_grant", "COMMIT"});

  EXPECT_FALSE(KillDuring([&] { return Lease(ticket); }).ok());

  const std::string lease = RunSql("SELECT lease_id FROM keyvault.leases");
  EXPECT_NE(lease, "");
  EXPECT_EQ(Audited("lease", "done"), 1);
  StartProgram();
  const absl::StatusOr<v1::LeaseKeysResponse> again = Lease(ticket);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->keys(0).lease_id(), lease);
  EXPECT_THAT(Opened(again->keys(0), "call_1"), IsOkAndHolds("sk-ant-api03-old-0000-1111"));
  EXPECT_EQ(Count("keyvault.leases"), 1);
  EXPECT_EQ(Audited("lease", "repeated"), 1);
}

TEST_F(KillTest, BetweenTheCommitOfARevocationAndItsAnswerTheHolderIsToldAllTheSame) {
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(Ticket("call_1"));
  v1::RevokeAllRequest revoke;
  revoke.set_all(true);
  proxy_.StopAfter({"keyvault_revoke_tell", "COMMIT"});

  EXPECT_FALSE(
      KillDuring([&] { return CallAs("ops", &Stub::PrepareAsyncRevokeAll, revoke); }).ok());

  StartProgram();
  EXPECT_EQ(Renew(*leased)->leases_size(), 0);
  EXPECT_EQ(Count("keyvault.revocations"), 1);
  EXPECT_EQ(CallAs("ops", &Stub::PrepareAsyncRevokeAll, revoke)->revoked_count(), 0);
}

TEST_F(KillTest, BetweenTwoPartsOfADeletionTheKeyIsStillThereAndTheSameRequestGoesOn) {
  constexpr int kLeases = 80;
  for (int i = 0; i < kLeases; ++i) {
    ASSERT_THAT(Lease(Ticket("call_" + std::to_string(i))), IsOk());
  }
  v1::DeleteKeyRequest request;
  request.mutable_scope()->set_tenant_id("tnt_a");
  request.set_provider(PROVIDER_ANTHROPIC);
  request.set_live_calls(v1::LIVE_CALLS_END);
  const auto remove = [&] { return CallAs("gateway", &Stub::PrepareAsyncDeleteKey, request); };
  proxy_.StopAfter({"keyvault_revoke_tell", "COMMIT"});

  EXPECT_FALSE(KillDuring(remove).ok());

  EXPECT_EQ(Count("keyvault.keys"), 1);
  EXPECT_EQ(Count("keyvault.revocations"), 64);
  StartProgram();
  EXPECT_EQ(remove()->revoked_count(), kLeases - 64);
  EXPECT_EQ(Count("keyvault.keys"), 0);
  EXPECT_EQ(Count("keyvault.revocations"), kLeases);
  EXPECT_EQ(Audited("revoke", "done"), kLeases);
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

}  // namespace
}  // namespace latchkey::keyvault
