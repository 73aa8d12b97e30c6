#include "services/keyvault/domain/leases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/await.h"
#include "tests/support/keyvault/fake_audit_log.h"
#include "tests/support/keyvault/fake_key_store.h"
#include "tests/support/keyvault/fake_lease_store.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr absl::Duration kTtl = absl::Seconds(180);

class LeasesTest : public testing::Test {
 protected:
  LeasesTest() {
    tenant_key_ = *Await(store_.EnsureTenantKey(slot_.tenant, envelope_.MakeTenantKey("tnt_a")));
    SaveVersion(1, "sk-ant-first");
  }

  void SaveVersion(int version, std::string_view api_key) {
    const NewVersion row = SealVersion(envelope_, tenant_key_, InfoOf(slot_, "key_1", version),
                                       api_key, "r" + std::to_string(version));
    ASSERT_THAT(Await(store_.Save(row, actor_)), IsOk());
    store_.audit.clear();
  }

  absl::StatusOr<std::vector<LeasedKey>> Lease(const Ticket& ticket) {
    return Await(leases_.Lease(ticket, m1_, pair_.public_key()));
  }

  // What media does with an answer.
  absl::StatusOr<std::string> Opened(const LeasedKey& key, std::string_view call = "call_1") {
    const secret::LeaseTerms terms{
        key.lease.text(),  key.slot.tenant.text(), static_cast<int>(key.slot.provider),
        std::string(call), m1_.spiffe_id,          key.expire_time,
        key.key_version};
    return pair_.OpenText(key.fields.at(0).sealed, secret::BindLease(terms, "api_key"));
  }

  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  FakeKeyStore store_;
  SimulatedClock clock_;
  FakeLeaseStore rows_{store_, clock_};
  SeededRandom random_;
  FakeAuditLog log_{store_};
  FakeFreezeStore frozen_;
  FakeLeaseAlarm alarm_;
  DenialLog denials_{log_, clock_};
  LeaseGuard guard_{denials_, frozen_, alarm_, clock_, LeaseLimitOptions(), 3};
  Leases leases_{envelope_, rows_, log_, guard_, clock_, random_, kTtl};
  KeySlot slot_ = SlotOf("tnt_a", Provider::kAnthropic);
  Actor actor_{"spiffe://latchkey/gateway"};
  Presenter m1_{"m1", "spiffe://latchkey/media/m1"};
  secret::BoxKeyPair pair_ = secret::BoxKeyPair::Make();
  Ticket ticket_ = TicketFor({slot_}, clock_.Now());
  std::string tenant_key_;
};

TEST_F(LeasesTest, ALeaseOpensWithTheCallersKeyAndItsOwnTerms) {
  const absl::StatusOr<std::vector<LeasedKey>> keys = Lease(ticket_);

  ASSERT_THAT(keys, IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(Opened(keys->at(0)), IsOkAndHolds("sk-ant-first"));
  EXPECT_EQ(keys->at(0).expire_time, clock_.Now() + kTtl);
  EXPECT_FALSE(Opened(keys->at(0), "call_2").ok());
}

TEST_F(LeasesTest, AnAuditRowStandsForEveryLease) {
  ASSERT_THAT(Lease(ticket_), IsOk());

  ASSERT_THAT(store_.audit, SizeIs(1));
  EXPECT_EQ(store_.audit[0].action, AuditAction::kLease);
  EXPECT_EQ(store_.audit[0].outcome, AuditOutcome::kDone);
  EXPECT_EQ(store_.audit[0].actor, m1_.spiffe_id);
}

TEST_F(LeasesTest, TheSameTicketAndKeyGiveTheSameLeasesAgain) {
  const absl::StatusOr<std::vector<LeasedKey>> first = Lease(ticket_);
  clock_.Advance(absl::Seconds(10));

  const absl::StatusOr<std::vector<LeasedKey>> again = Lease(ticket_);

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->at(0).lease, first->at(0).lease);
  EXPECT_EQ(again->at(0).expire_time, first->at(0).expire_time);
  EXPECT_THAT(Opened(again->at(0)), IsOkAndHolds("sk-ant-first"));
  EXPECT_EQ(store_.audit.back().outcome, AuditOutcome::kRepeated);
}

TEST_F(LeasesTest, TheSameTicketWithAnotherKeyIsAReplayAndAudited) {
  ASSERT_THAT(Lease(ticket_), IsOk());
  pair_ = secret::BoxKeyPair::Make();

  EXPECT_THAT(Lease(ticket_), StatusIs(kDenied, "ticket_replayed"));

  EXPECT_EQ(store_.audit.back().outcome, AuditOutcome::kRefused);
  EXPECT_EQ(store_.audit.back().reason, "ticket_replayed");
}

TEST_F(LeasesTest, ATicketForAnotherInstanceIsRefusedAndAudited) {
  ticket_.media_instance = "m2";

  EXPECT_THAT(Lease(ticket_), StatusIs(kDenied, "ticket_foreign"));

  EXPECT_EQ(store_.audit.back().reason, "ticket_foreign");
}

TEST_F(LeasesTest, NoKeyLeavesWhenTheAuditRowCannotBeWritten) {
  ASSERT_THAT(Lease(ticket_), IsOk());
  log_.failure = Error(absl::StatusCode::kUnavailable, "postgres_unavailable", "Gone.");

  EXPECT_THAT(Lease(ticket_), StatusIs(absl::StatusCode::kUnavailable, "postgres_unavailable"));
}

TEST_F(LeasesTest, ARefusalStandsWhenItCannotBeWrittenDown) {
  ticket_.media_instance = "m2";
  log_.failure = Error(absl::StatusCode::kUnavailable, "postgres_unavailable", "Gone.");

  const absl::StatusOr<std::vector<LeasedKey>> refused = Lease(ticket_);

  EXPECT_THAT(refused, StatusIs(kDenied, "ticket_foreign"));
  EXPECT_EQ(Metadata(refused.status())["unaudited"], "postgres_unavailable");
}

TEST_F(LeasesTest, NothingIsLeasedWhenOneKeyIsGone) {
  ticket_.grants.push_back(SlotOf("tnt_a", Provider::kTwilio));

  const absl::StatusOr<std::vector<LeasedKey>> keys = Lease(ticket_);

  EXPECT_THAT(keys, StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  EXPECT_EQ(Metadata(keys.status())["provider"], "twilio");
  EXPECT_THAT(store_.audit, IsEmpty());
}

TEST_F(LeasesTest, NoLeaseIsGrantedAfterADeletion) {
  ASSERT_THAT(Lease(ticket_), IsOk());
  ASSERT_THAT(Await(store_.Delete(slot_, LiveCalls::kFinish, actor_)), IsOk());

  EXPECT_THAT(Lease(ticket_), StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  EXPECT_THAT(Lease(TicketFor({slot_}, clock_.Now(), "call_2", 'x')),
              StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
}

TEST_F(LeasesTest, AReplacedKeyGoesToNewCallsAndTheOldOneStaysWithItsLease) {
  ASSERT_THAT(Lease(ticket_), IsOk());
  SaveVersion(2, "sk-ant-second");

  const absl::StatusOr<std::vector<LeasedKey>> newer =
      Lease(TicketFor({slot_}, clock_.Now(), "call_2", 'x'));
  const absl::StatusOr<std::vector<LeasedKey>> older = Lease(ticket_);

  ASSERT_THAT(newer, IsOk());
  ASSERT_THAT(older, IsOk());
  EXPECT_THAT(Opened(newer->at(0), "call_2"), IsOkAndHolds("sk-ant-second"));
  EXPECT_THAT(Opened(older->at(0)), IsOkAndHolds("sk-ant-first"));
}

TEST_F(LeasesTest, RenewingMovesTheEndUntilTheTicketsLastWord) {
  ticket_.lease_until = clock_.Now() + absl::Seconds(200);
  const LeaseId lease = Lease(ticket_)->at(0).lease;
  clock_.Advance(absl::Seconds(30));

  const absl::StatusOr<std::vector<Renewal>> renewed = Await(leases_.Renew(m1_, {lease}));

  ASSERT_THAT(renewed, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ(renewed->at(0).expire_time, ticket_.lease_until);
  clock_.Advance(absl::Seconds(170));
  EXPECT_THAT(Await(leases_.Renew(m1_, {lease})), IsOkAndHolds(IsEmpty()));
}

TEST_F(LeasesTest, ALeaseThatWasNotRenewedHasEndedForGood) {
  const LeaseId lease = Lease(ticket_)->at(0).lease;
  clock_.Advance(kTtl);

  EXPECT_THAT(Await(leases_.Renew(m1_, {lease})), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Lease(ticket_), StatusIs(kDenied, "ticket_expired"));
}

TEST_F(LeasesTest, NobodyRenewsOrReleasesAnothersLease) {
  const LeaseId lease = Lease(ticket_)->at(0).lease;
  const Presenter m2("m2", "spiffe://latchkey/media/m2");

  EXPECT_THAT(Await(leases_.Renew(m2, {lease})), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Await(leases_.Release(m2, ticket_.call)), IsOkAndHolds(0));
  EXPECT_THAT(Await(leases_.Renew(m1_, {lease})), IsOkAndHolds(SizeIs(1)));
}

TEST_F(LeasesTest, ToReleaseAnothersCallIsDeniedAndAuditedAndNotTold) {
  ASSERT_THAT(Lease(ticket_), IsOk());
  const Presenter m2("m2", "spiffe://latchkey/media/m2");
  store_.audit.clear();

  EXPECT_THAT(Await(leases_.Release(m2, ticket_.call)), IsOkAndHolds(0));

  ASSERT_THAT(store_.audit, SizeIs(1));
  const AuditRow& denied = store_.audit[0];
  EXPECT_EQ(denied.action, AuditAction::kRelease);
  EXPECT_EQ(denied.outcome, AuditOutcome::kRefused);
  EXPECT_EQ(denied.actor, m2.spiffe_id);
  EXPECT_EQ(denied.tenant.text(), "tnt_a");
  EXPECT_EQ(denied.call, ticket_.call.text());
  EXPECT_EQ(denied.reason, "lease_foreign");
  EXPECT_THAT(alarm_.denied, ElementsAre("lease_foreign"));
}

TEST_F(LeasesTest, ReleasingAgainIsNoDenial) {
  ASSERT_THAT(Lease(ticket_), IsOk());
  ASSERT_THAT(Await(leases_.Release(m1_, ticket_.call)), IsOkAndHolds(1));
  store_.audit.clear();

  EXPECT_THAT(Await(leases_.Release(m1_, ticket_.call)), IsOkAndHolds(0));
  EXPECT_THAT(Await(leases_.Release(m1_, *CallId::Parse("call_nobodys"))), IsOkAndHolds(0));

  EXPECT_THAT(store_.audit, IsEmpty());
  EXPECT_THAT(alarm_.denied, IsEmpty());
}

TEST_F(LeasesTest, ReleasingEndsALeaseOnceAndForGood) {
  const LeaseId lease = Lease(ticket_)->at(0).lease;

  EXPECT_THAT(Await(leases_.Release(m1_, ticket_.call)), IsOkAndHolds(1));

  EXPECT_THAT(Await(leases_.Release(m1_, ticket_.call)), IsOkAndHolds(0));
  EXPECT_THAT(Await(leases_.Renew(m1_, {lease})), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Lease(ticket_), StatusIs(kDenied, "ticket_expired"));
}

TEST_F(LeasesTest, TooManyRenewalsAtOnceAreRefused) {
  const std::vector<LeaseId> ids(kRenewalsMax + 1);

  EXPECT_THAT(Await(leases_.Renew(m1_, ids)),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

}  // namespace
}  // namespace latchkey::keyvault
