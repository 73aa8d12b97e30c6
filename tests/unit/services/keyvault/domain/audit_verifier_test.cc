#include "services/keyvault/domain/audit_verifier.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace latchkey::keyvault {
namespace {

class AuditVerifierTest : public testing::Test {
 protected:
  AuditVerifierTest() {
    std::string previous;
    for (int64_t number = 1; number <= 5; ++number) {
      ChainedRow row;
      row.tenant = "tnt_a";
      row.number = number;
      row.time = absl::FromUnixSeconds(1'800'000'000 + number);
      row.action = "lease";
      row.call = "call_" + std::to_string(number);
      chain_.Link(row, previous);
      previous = row.hash;
      rows_.push_back(row);
    }
    checkpoint_ = CheckpointOf(rows_.back());
  }

  AuditCheckpoint CheckpointOf(const ChainedRow& row) {
    AuditCheckpoint checkpoint{"tnt_a", row.number, row.hash, row.time + absl::Seconds(4), "", ""};
    chain_.Sign(checkpoint);
    return checkpoint;
  }

  AuditVerdict Verify() {
    std::vector<AuditCheckpoint> checkpoints = before_;
    if (checkpoint_.has_value()) checkpoints.push_back(*checkpoint_);
    AuditVerifier verifier(chain_, checkpoints, covered_until_);
    for (const ChainedRow& row : rows_) {
      if (!verifier.Take(row)) break;
    }
    return verifier.Finish();
  }

  void ExpectFault(AuditFault fault, int64_t number) {
    const AuditVerdict verdict = Verify();
    EXPECT_EQ(verdict.fault, fault);
    EXPECT_EQ(verdict.fault_number, number);
  }

  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  AuditChain chain_{ring_};
  std::vector<ChainedRow> rows_;
  std::vector<AuditCheckpoint> before_;
  std::optional<AuditCheckpoint> checkpoint_;
  absl::Time covered_until_ = absl::InfinitePast();
};

TEST_F(AuditVerifierTest, AWholeChainHasNoFault) {
  EXPECT_EQ(Verify().verified, 5);
  ExpectFault(AuditFault::kNone, 0);
  EXPECT_TRUE(chain_.Verify(*checkpoint_));
}

TEST_F(AuditVerifierTest, AChangedRowIsNamedWhateverWasChanged) {
  const std::vector<ChainedRow> good = rows_;
  rows_[2].call = "call_9";
  ExpectFault(AuditFault::kRowChanged, 3);
  rows_ = good;
  rows_[2].time += absl::Microseconds(1);
  ExpectFault(AuditFault::kRowChanged, 3);
  rows_ = good;
  rows_[2].hash.back() ^= 1;
  ExpectFault(AuditFault::kRowChanged, 3);
}

TEST_F(AuditVerifierTest, ARemovedRowIsNamed) {
  rows_.erase(rows_.begin() + 1);
  ExpectFault(AuditFault::kRowRemoved, 2);
}

TEST_F(AuditVerifierTest, RowsThatChangedPlacesAreSeen) {
  std::swap(rows_[1].number, rows_[2].number);
  std::swap(rows_[1], rows_[2]);
  ExpectFault(AuditFault::kRowChanged, 2);
}

TEST_F(AuditVerifierTest, ACutTailIsSeenByTheCheckpoint) {
  rows_.resize(3);
  ExpectFault(AuditFault::kTailCut, 4);
}

TEST_F(AuditVerifierTest, AChainThatWasWrittenAnewIsSeenByTheCheckpoint) {
  std::string previous;
  for (ChainedRow& row : rows_) {
    row.call = "call_9";
    chain_.Link(row, previous);
    previous = row.hash;
  }
  ExpectFault(AuditFault::kCheckpointDiffers, 5);
}

TEST_F(AuditVerifierTest, AChainThatWasCutAndHasGrownAgainIsSeenByACheckpointOfBefore) {
  before_ = {CheckpointOf(rows_[3])};
  std::string previous = rows_[2].hash;
  for (ChainedRow* row : {&rows_[3], &rows_[4]}) {
    row->call = "call_9";
    chain_.Link(*row, previous);
    previous = row->hash;
  }
  checkpoint_ = CheckpointOf(rows_[4]);
  ExpectFault(AuditFault::kCheckpointDiffers, 4);
}

TEST_F(AuditVerifierTest, ACheckpointThatSomebodyMadeUpDoesNotHold) {
  checkpoint_->number = 4;
  EXPECT_FALSE(chain_.Verify(*checkpoint_));
  ExpectFault(AuditFault::kNone, 0);
}

TEST_F(AuditVerifierTest, CheckpointsThatAreMissingForOldRowsAreSeen) {
  checkpoint_ = CheckpointOf(rows_[2]);
  covered_until_ = rows_[3].time;
  ExpectFault(AuditFault::kNone, 0);

  covered_until_ = rows_[3].time + absl::Microseconds(1);
  ExpectFault(AuditFault::kCheckpointMissing, 4);
  checkpoint_.reset();
  ExpectFault(AuditFault::kCheckpointMissing, 1);
  checkpoint_ = CheckpointOf(rows_[4]);
  checkpoint_->signature.back() ^= 1;
  ExpectFault(AuditFault::kCheckpointMissing, 1);
}

TEST_F(AuditVerifierTest, ARowUnderARootKeyThatIsGoneIsNamed) {
  ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  ExpectFault(AuditFault::kKeyMissing, 1);
}

}  // namespace
}  // namespace latchkey::keyvault
