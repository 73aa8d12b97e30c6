#include "services/keyvault/domain/root_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/keyvault/domain/rewrapper.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/fake_root_key_store.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

class RootKeysTest : public testing::Test {
 protected:
  secret::KeyRing Ring(const std::string& current) {
    const std::string text = "current " + current + "\nold " + old_ + "\nnew " + new_ + "\n";
    return *secret::KeyRing::Parse(text, "test");
  }
  void AddTenants(int count) {
    for (int i = 0; i < count; ++i) {
      const TenantId tenant = *TenantId::Parse("tnt_" + std::to_string(100 + i));
      ASSERT_THAT(Await(keys_.EnsureTenantKey(tenant, envelope_.MakeTenantKey(tenant.text()))),
                  IsOk());
    }
  }
  // Runs to its end, while time passes.
  absl::Status Run(Rewrapper& rewrapper) {
    std::optional<absl::Status> ended;
    boost::asio::co_spawn(io_, KeepResult(rewrapper.Run(ops_), ended), [](std::exception_ptr) {});
    while (!ended.has_value()) {
      io_.restart();
      io_.poll();
      const absl::Time wake = clock_.NextWake();
      if (!ended.has_value() && wake != absl::InfiniteFuture()) clock_.Advance(wake - clock_.Now());
    }
    return *ended;
  }

  const std::string old_ = secret::GenerateRootKey(), new_ = secret::GenerateRootKey();
  boost::asio::io_context io_{1};
  SimulatedClock clock_;
  FakeKeyStore keys_;
  FakeLeaseStore leases_{keys_, clock_};
  FakeRevocationStore revocations_{keys_, leases_, clock_};
  FakeRootKeyStore store_{keys_, revocations_};
  Actor ops_{"spiffe://latchkey/ops"};
  secret::KeyRing ring_ = Ring("old");
  secret::Envelope envelope_{ring_};
  IntakeParser intake_{ring_};
  RootKeys root_keys_{ring_, intake_, keys_, store_};
};

TEST_F(RootKeysTest, ARingThatLacksAKeyThatRowsNeedIsRefusedAndTheOldOneStays) {
  EXPECT_THAT(Await(root_keys_.Check()), IsOk());  // An empty store opens with any ring.
  AddTenants(1);
  EXPECT_THAT(Await(root_keys_.Check()), IsOk());

  EXPECT_THAT(Await(root_keys_.Take(*secret::KeyRing::FromBase64(new_, "test"))),
              StatusIs(kPrecondition, "root_key_unknown"));

  EXPECT_EQ(ring_.current().id(), "old");
  EXPECT_EQ(intake_.key_id(), "old");
}

TEST_F(RootKeysTest, ANewRingIsTakenAsAWholeAndTheIntakeKeyFollows) {
  AddTenants(1);
  const secret::BoxPublicKey before = intake_.public_key();

  ASSERT_THAT(Await(root_keys_.Take(Ring("new"))), IsOk());

  EXPECT_EQ(intake_.key_id(), "new");
  EXPECT_FALSE(intake_.public_key() == before);
  const KeySlot slot = SlotOf("tnt_100", Provider::kAnthropic);
  const SealedCandidate late =
      SealCandidate("old", before, slot, {{"api_key", std::string(kAnthropicKey)}});
  EXPECT_THAT(intake_.Parse(slot, late).status(), StatusIs(kPrecondition, "intake_key_unknown"));
}

TEST_F(RootKeysTest, ARootKeyIsRetiredWhenNoRowNeedsItAndNeverComesBack) {
  AddTenants(3);
  EXPECT_THAT(Await(root_keys_.Retire("old", ops_)), StatusIs(kPrecondition, "root_key_needed"));
  ASSERT_THAT(Await(root_keys_.Take(Ring("new"))), IsOk());
  const absl::Status needed = Await(root_keys_.Retire("old", ops_));
  EXPECT_THAT(needed, StatusIs(kPrecondition, "root_key_needed"));
  EXPECT_EQ(Metadata(needed)["rows"], "3");

  Rewrapper rewrapper(ring_, envelope_, store_, clock_, 100);
  ASSERT_THAT(Run(rewrapper), IsOk());
  EXPECT_THAT(Await(root_keys_.Retire("old", ops_)), IsOk());

  EXPECT_THAT(Await(root_keys_.Take(Ring("old"))), StatusIs(kPrecondition, "root_key_retired"));
  EXPECT_EQ(ring_.current().id(), "new");
}

TEST_F(RootKeysTest, WhatWasNeverInTheRingIsNotRetired) {
  AddTenants(1);

  EXPECT_THAT(Await(root_keys_.Retire("odl", ops_)), StatusIs(kPrecondition, "root_key_unknown"));

  EXPECT_THAT(Await(store_.IsRetired("odl")), IsOkAndHolds(false));
}

TEST_F(RootKeysTest, ARetiredKeyMayLeaveTheRingAndIsRetiredAgain) {
  ASSERT_THAT(Await(root_keys_.Take(Ring("new"))), IsOk());
  ASSERT_THAT(Await(root_keys_.Retire("old", ops_)), IsOk());
  ASSERT_THAT(
      Await(root_keys_.Take(*secret::KeyRing::Parse("current new\nnew " + new_ + "\n", "test"))),
      IsOk());

  EXPECT_THAT(Await(root_keys_.Retire("old", ops_)), IsOk());
}

TEST_F(RootKeysTest, ARewrapMovesEveryRowAtItsRate) {
  AddTenants(150);
  ASSERT_THAT(Await(root_keys_.Take(Ring("new"))), IsOk());
  Rewrapper rewrapper(ring_, envelope_, store_, clock_, 10);
  const absl::Time start = clock_.Now();

  ASSERT_THAT(Run(rewrapper), IsOk());

  EXPECT_EQ(rewrapper.moved(), 150);
  EXPECT_GE(clock_.Now() - start, absl::Milliseconds(100) * 149);
  const absl::StatusOr<RootKeyCount> count = Await(root_keys_.Count());
  EXPECT_EQ(count->left, 0);
  EXPECT_EQ(count->total, 150);
}

TEST_F(RootKeysTest, ARewrapThatWasCutOffIsGoneOnWith) {
  AddTenants(10);
  ASSERT_THAT(Await(root_keys_.Take(Ring("new"))), IsOk());
  {
    // The process dies after the fourth row: its coroutine is never resumed again.
    boost::asio::io_context dying(1);
    Rewrapper first(ring_, envelope_, store_, clock_, 10);
    std::optional<absl::Status> ended;
    boost::asio::co_spawn(dying, KeepResult(first.Run(ops_), ended), [](std::exception_ptr) {});
    while (store_.replaced < 4) {
      dying.restart();
      dying.poll();
      if (clock_.NextWake() != absl::InfiniteFuture()) clock_.Advance(absl::Milliseconds(100));
    }
  }
  EXPECT_EQ(Await(root_keys_.Count())->left, 6);

  Rewrapper second(ring_, envelope_, store_, clock_, 10);
  ASSERT_THAT(Run(second), IsOk());

  EXPECT_EQ(second.moved(), 6);
  EXPECT_EQ(Await(root_keys_.Count())->left, 0);
}

TEST_F(RootKeysTest, ARewrapWaitsForPostgresAndPassesRowsThatDoNotOpen) {
  AddTenants(5);
  ASSERT_THAT(Await(root_keys_.Take(Ring("new"))), IsOk());
  keys_.tenant_keys()["tnt_102"] = keys_.tenant_keys()["tnt_101"];  // Moved from another row.
  store_.replaces_to_fail = 3;
  Rewrapper rewrapper(ring_, envelope_, store_, clock_, 100);

  ASSERT_THAT(Run(rewrapper), IsOk());

  EXPECT_EQ(rewrapper.moved(), 4);
  EXPECT_EQ(rewrapper.failed(), 1);
  EXPECT_EQ(Await(root_keys_.Count())->left, 1);
}

}  // namespace
}  // namespace latchkey::keyvault
