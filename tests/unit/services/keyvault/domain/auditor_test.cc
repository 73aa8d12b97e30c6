#include "services/keyvault/domain/auditor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/await.h"
#include "tests/support/keyvault/fake_audit_log.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::SizeIs;

class AuditorTest : public testing::Test {
 protected:
  // By the database's clock, which is nobody's here.
  void Grow(const std::string& tenant, absl::Time time) {
    ChainedRow row;
    row.tenant = tenant;
    row.time = time;
    std::string previous;
    for (const ChainedRow& before : log_.chained) {
      if (before.tenant != tenant) continue;
      row.number = before.number;
      previous = before.hash;
    }
    ++row.number;
    chain_.Link(row, previous);
    log_.chained.push_back(row);
  }

  void Checkpoint() { ASSERT_THAT(Await(auditor_.Checkpoint()), IsOk()); }

  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  AuditChain chain_{ring_};
  FakeKeyStore keys_;
  FakeAuditLog log_{keys_};
  FakeCheckpointLog checkpoints_;
  SimulatedClock clock_;
  Auditor auditor_{chain_, log_, checkpoints_, clock_, absl::Minutes(10)};
  absl::Time start_ = clock_.Now();
};

TEST_F(AuditorTest, AChainThatHasNotGrownIsSignedOnce) {
  Grow("tnt_a", start_);
  Checkpoint();
  Checkpoint();
  EXPECT_THAT(checkpoints_.kept, SizeIs(1));

  Grow("tnt_a", start_ + absl::Seconds(1));
  Grow("tnt_b", start_ + absl::Seconds(1));
  Checkpoint();

  EXPECT_THAT(checkpoints_.kept, SizeIs(3));
}

TEST_F(AuditorTest, AClockThatJumpsAnHourLeavesNoRowWithoutACheckpoint) {
  Grow("tnt_a", start_);
  clock_.Advance(absl::Hours(1));
  Checkpoint();
  Grow("tnt_b", start_ + absl::Seconds(30));
  Checkpoint();
  Grow("tnt_c", start_ + absl::Seconds(60));
  Checkpoint();

  EXPECT_THAT(checkpoints_.kept, SizeIs(3));
}

TEST_F(AuditorTest, AClockThatIsAnHourBehindLeavesNoRowWithoutACheckpoint) {
  Grow("tnt_a", start_ + absl::Hours(1));
  Checkpoint();
  Grow("tnt_b", start_ + absl::Hours(1) + absl::Seconds(30));
  Checkpoint();

  EXPECT_THAT(checkpoints_.kept, SizeIs(2));
}

TEST_F(AuditorTest, ARowThatIsDatedInTheFutureHidesNoLaterOne) {
  Grow("tnt_evil", start_ + absl::Hours(24 * 365));
  Checkpoint();
  Grow("tnt_a", start_ + absl::Seconds(1));
  Checkpoint();

  EXPECT_THAT(checkpoints_.kept, SizeIs(2));
}

TEST_F(AuditorTest, CheckpointsThatWereRemovedAreMissed) {
  Grow("tnt_a", start_);
  Checkpoint();
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Await(auditor_.Verify(*TenantId::Parse("tnt_a")))->verdict.fault, AuditFault::kNone);

  checkpoints_.kept.clear();

  const absl::StatusOr<AuditReport> report = Await(auditor_.Verify(*TenantId::Parse("tnt_a")));
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->verdict.fault, AuditFault::kCheckpointMissing);
  EXPECT_EQ(report->verdict.fault_number, 1);
}

}  // namespace
}  // namespace latchkey::keyvault
