// What every HealthStore does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/keyvault/stores_under_test.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::Duration kTtl = absl::Seconds(180);
constexpr absl::Duration kInterval = absl::Hours(24);
constexpr absl::Duration kClaim = absl::Minutes(1);

class HealthStoreContract : public testing::TestWithParam<std::string_view> {
 protected:
  HealthStoreContract() { SaveVersion(slot_, key_, 1); }

  void SaveVersion(const KeySlot& slot, const KeyId& id, int version) {
    const std::string tenant_key =
        *Await(stores_->io,
               stores_->keys().EnsureTenantKey(slot.tenant, envelope_.MakeTenantKey("tnt_a")));
    KeyInfo info = InfoOf(slot, id.text(), version);
    info.validate_time = info.status_time = stores_->Now();
    const std::string request = id.text() + std::to_string(version);
    const NewVersion row = SealVersion(envelope_, tenant_key, info, request, request);
    ASSERT_THAT(Await(stores_->io, stores_->keys().Save(row, actor_)), IsOk());
  }

  LeaseId Grant() {
    const Ticket ticket = TicketFor({slot_}, stores_->Now());
    const LeaseId id = LeaseId::Make(random_);
    const LeaseApplication application(ticket, kM1, std::string(32, 'p'), {id}, kTtl);
    EXPECT_THAT(Await(stores_->io, stores_->leases().Grant(application)), IsOk());
    return id;
  }

  std::vector<SeenKey> FindSeen(const LeaseId& lease, int version, const std::string& caller) {
    LeaseObservation observation;
    observation.lease = lease;
    observation.key_version = version;
    const std::vector<LeaseObservation> observations = {LeaseObservation(), observation};
    absl::StatusOr<std::vector<SeenKey>> seen =
        Await(stores_->io, stores_->health().FindSeen(caller, observations));
    EXPECT_THAT(seen, IsOk());
    return *std::move(seen);
  }

  std::optional<KeyHealth> Become(KeyStatus status, std::string_view reason, int version = 1) {
    const HealthChange change = [&](KeyHealth health, absl::Time now) {
      health.status = status;
      health.reason = reason;
      health.since = now;
      health.troubles = 2;
      health.call_ceiling = 17;
      return health;
    };
    absl::StatusOr<std::optional<KeyHealth>> changed =
        Await(stores_->io, stores_->health().Change(key_, version, change, actor_));
    EXPECT_THAT(changed, IsOk());
    return *std::move(changed);
  }

  void CheckAt(absl::Duration from_now) {
    const HealthChange change = [&](KeyHealth health, absl::Time now) {
      health.check_time = now + from_now;
      return health;
    };
    ASSERT_THAT(Await(stores_->io, stores_->health().Change(key_, 1, change, actor_)), IsOk());
  }

  std::vector<StoredKey> ClaimDue(int limit = 10) {
    absl::StatusOr<std::vector<StoredKey>> due =
        Await(stores_->io, stores_->health().ClaimDue(limit, kClaim));
    EXPECT_THAT(due, IsOk());
    return *std::move(due);
  }

  KeyInfo Listed() {
    absl::StatusOr<std::vector<KeyInfo>> keys =
        Await(stores_->io, stores_->keys().List(slot_.tenant, std::nullopt, 10));
    EXPECT_THAT(keys, IsOkAndHolds(SizeIs(1)));
    return keys->front();
  }

  static inline const std::string kM1 = "spiffe://latchkey/media/m1";

  std::unique_ptr<StoresUnderTest> stores_ = MakeStores(GetParam());
  SeededRandom random_;
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  const KeySlot slot_ = SlotOf("tnt_a", Provider::kAnthropic);
  const KeyId key_ = *KeyId::Parse("key_1");
  const Actor actor_{kM1};
};

TEST_P(HealthStoreContract, FindsTheKeyThatALeaseIsOf) {
  const LeaseId lease = Grant();

  const std::vector<SeenKey> seen = FindSeen(lease, 1, kM1);

  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].observation, 1u);
  EXPECT_EQ(seen[0].id, key_);
  EXPECT_EQ(seen[0].version, 1);
  EXPECT_EQ(seen[0].health.status, KeyStatus::kValid);
}

TEST_P(HealthStoreContract, FindsItAfterTheLeaseWasReleased) {
  const LeaseId lease = Grant();
  ASSERT_THAT(Await(stores_->io, stores_->leases().Release(kM1, *CallId::Parse("call_1"))), IsOk());

  EXPECT_THAT(FindSeen(lease, 1, kM1), SizeIs(1));
}

TEST_P(HealthStoreContract, FindsNothingByWhatIsNotTheCallersOrNotCurrent) {
  const LeaseId lease = Grant();

  EXPECT_THAT(FindSeen(lease, 1, "spiffe://latchkey/media/m2"), IsEmpty());
  EXPECT_THAT(FindSeen(lease, 2, kM1), IsEmpty());
  EXPECT_THAT(FindSeen(LeaseId::Make(random_), 1, kM1), IsEmpty());
  SaveVersion(slot_, key_, 2);
  EXPECT_THAT(FindSeen(lease, 1, kM1), IsEmpty());
}

TEST_P(HealthStoreContract, AChangedStatusIsListedAuditedAndTold) {
  const std::optional<KeyHealth> changed = Become(KeyStatus::kExhausted, "no_credit");

  ASSERT_TRUE(changed.has_value());
  const KeyInfo listed = Listed();
  EXPECT_EQ(listed.status, KeyStatus::kExhausted);
  EXPECT_EQ(listed.status_reason, "no_credit");
  EXPECT_EQ(absl::ToUnixMicros(listed.status_time), absl::ToUnixMicros(changed->since));
  EXPECT_EQ(listed.facts.call_ceiling, 17);
  EXPECT_EQ(stores_->CountAudit(AuditAction::kHealth, AuditOutcome::kDone), 1);
  EXPECT_EQ(stores_->CountEvents(), 1);
}

TEST_P(HealthStoreContract, WhatIsNoChangeOfStatusIsNotTold) {
  Become(KeyStatus::kValid, "");

  EXPECT_EQ(Listed().facts.call_ceiling, 17);
  EXPECT_EQ(stores_->CountAudit(AuditAction::kHealth, AuditOutcome::kDone), 0);
  EXPECT_EQ(stores_->CountEvents(), 0);
}

TEST_P(HealthStoreContract, AllThatIsKnownComesBackInTheNextChange) {
  const std::optional<KeyHealth> changed = Become(KeyStatus::kDegraded, "rate_limited");
  std::optional<KeyHealth> found;
  const HealthChange look = [&](const KeyHealth& before, absl::Time) {
    found = before;
    return before;
  };

  ASSERT_THAT(Await(stores_->io, stores_->health().Change(key_, 1, look, actor_)), IsOk());

  ASSERT_TRUE(found.has_value());
  found->since = changed->since;  // Postgres keeps microseconds.
  EXPECT_EQ(*found, *changed);
}

TEST_P(HealthStoreContract, AVersionThatWasReplacedIsLeftAlone) {
  SaveVersion(slot_, key_, 2);

  EXPECT_FALSE(Become(KeyStatus::kInvalid, "invalid_key", 1).has_value());
  EXPECT_EQ(Listed().status, KeyStatus::kValid);
  EXPECT_EQ(stores_->CountEvents(), 0);
}

TEST_P(HealthStoreContract, ANewVersionBeginsValid) {
  Become(KeyStatus::kInvalid, "invalid_key");
  SaveVersion(slot_, key_, 2);

  EXPECT_EQ(Listed().status, KeyStatus::kValid);
  EXPECT_EQ(Listed().status_reason, "");
}

TEST_P(HealthStoreContract, ASavedKeyIsDueAboutAnIntervalLater) {
  EXPECT_THAT(ClaimDue(), IsEmpty());
  ASSERT_THAT(Await(stores_->io, stores_->health().Plan(kInterval)), IsOk());
  EXPECT_THAT(ClaimDue(), IsEmpty());

  stores_->LetPass(kInterval * 0.74);
  EXPECT_THAT(ClaimDue(), IsEmpty());

  stores_->LetPass(kInterval * 0.52);
  const std::vector<StoredKey> due = ClaimDue();
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].info.id, key_);
  EXPECT_TRUE(envelope_.Open(due[0].tenant_key, AddressOf(due[0].info), due[0].sealed).ok());
}

TEST_P(HealthStoreContract, AClaimedKeyIsNobodyElsesUntilTheClaimEnds) {
  CheckAt(absl::ZeroDuration());

  EXPECT_THAT(ClaimDue(), SizeIs(1));
  EXPECT_THAT(ClaimDue(), IsEmpty());
  stores_->LetPass(kClaim);
  EXPECT_THAT(ClaimDue(), SizeIs(1));
}

TEST_P(HealthStoreContract, NoMoreAreClaimedThanAskedFor) {
  CheckAt(absl::ZeroDuration());
  EXPECT_THAT(ClaimDue(0), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Stores, HealthStoreContract, testing::Values("fake", "postgres"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace latchkey::keyvault
