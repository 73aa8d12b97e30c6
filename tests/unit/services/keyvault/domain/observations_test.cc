#include "services/keyvault/domain/observations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/fake_health_store.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ObservationsTest : public testing::Test {
 protected:
  ObservationsTest() {
    const std::string tenant_key =
        *Await(keys_.EnsureTenantKey(slot_.tenant, envelope_.MakeTenantKey("tnt_a")));
    const NewVersion row =
        SealVersion(envelope_, tenant_key, InfoOf(slot_, "key_1", 1), "sk-ant-first", "r1");
    EXPECT_THAT(Await(keys_.Save(row, m1_)), IsOk());
  }

  LeaseObservation Seen(std::vector<SeenAnswer> answers, char nonce = 'n', int ceiling = 0) {
    const Ticket ticket = TicketFor({slot_}, clock_.Now(), std::string("call_") + nonce, nonce);
    LeaseObservation seen;
    seen.lease = LeaseId::Make(random_);
    seen.key_version = 1;
    seen.answers = std::move(answers);
    seen.call_ceiling = ceiling;
    const LeaseApplication application(ticket, m1_.spiffe_id, std::string(32, 'p'), {seen.lease},
                                       absl::Minutes(3));
    EXPECT_THAT(Await(leases_.Grant(application)), IsOk());
    return seen;
  }

  absl::Status Take(const std::vector<LeaseObservation>& seen, const Actor& caller) {
    return Await(observations_.Take(caller, seen)).status();
  }

  const KeyHealth& health() { return store_.HealthOf(*KeyId::Parse("key_1")); }

  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  SimulatedClock clock_;
  SeededRandom random_;
  FakeKeyStore keys_;
  FakeLeaseStore leases_{keys_, clock_};
  FakeHealthStore store_{keys_, leases_, clock_};
  Observations observations_{store_, clock_, HealthRule(absl::Hours(24))};
  const KeySlot slot_ = SlotOf("tnt_a", Provider::kAnthropic);
  const Actor m1_{"spiffe://latchkey/media/m1"};
};

TEST_F(ObservationsTest, AnEmptyBalanceThatACallSawExhaustsTheKey) {
  ASSERT_THAT(Take({Seen({{Answer::kNoCredit, 1}})}, m1_), IsOk());

  EXPECT_EQ(health().status, KeyStatus::kExhausted);
  EXPECT_EQ(health().since, clock_.Now());
  EXPECT_THAT(store_.events, ElementsAre(KeyStatus::kExhausted));
}

TEST_F(ObservationsTest, WhatWorksOnAValidKeyCostsNoTransaction) {
  ASSERT_THAT(Take({Seen({{Answer::kWorked, 50}}, 'a', 5), Seen({{Answer::kWorked, 3}}, 'b')}, m1_),
              IsOk());

  EXPECT_EQ(store_.changes, 0);
}

TEST_F(ObservationsTest, TroublesOfSeveralCallsAddUp) {
  ASSERT_THAT(Take({Seen({{Answer::kFailed, 1}}, 'a'), Seen({{Answer::kFailed, 1}}, 'b'),
                    Seen({{Answer::kFailed, 1}}, 'c')},
                   m1_),
              IsOk());

  EXPECT_EQ(health().status, KeyStatus::kDegraded);
  EXPECT_EQ(store_.changes, 1);
}

TEST_F(ObservationsTest, TheLeastCeilingThatWasToldCounts) {
  ASSERT_THAT(Take({Seen({}, 'a', 3), Seen({}, 'b', 2)}, m1_), IsOk());

  EXPECT_EQ(health().call_ceiling, 2);
  EXPECT_THAT(store_.events, IsEmpty());
}

TEST_F(ObservationsTest, AnotherInstancesLeasesAreNotItsToSpeakOf) {
  const Actor m2("spiffe://latchkey/media/m2");

  ASSERT_THAT(Take({Seen({{Answer::kNoCredit, 1}})}, m2), IsOk());

  EXPECT_EQ(health().status, KeyStatus::kValid);
}

TEST_F(ObservationsTest, MoreThanTheLimitIsRefused) {
  const std::vector<LeaseObservation> many(kObservationsMax + 1);

  EXPECT_THAT(Take(many, m1_), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

TEST_F(ObservationsTest, PostgresAwayIsAnError) {
  store_.failure = absl::UnavailableError("away");

  EXPECT_THAT(Take({Seen({{Answer::kNoCredit, 1}})}, m1_),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(MergeTest, CountsEachAnswerInTheOrderOfItsLast) {
  LeaseObservation first, second;
  first.answers = {{Answer::kWorked, 5}, {Answer::kFailed, 2}};
  second.answers = {{Answer::kWorked, 0}};

  EXPECT_THAT(Merge({&first, &second}).answers,
              ElementsAre(SeenAnswer{Answer::kFailed, 2}, SeenAnswer{Answer::kWorked, 6}));
}

}  // namespace
}  // namespace latchkey::keyvault
