#include "services/keyvault/domain/audit_verifier.h"

namespace latchkey::keyvault {

bool AuditVerifier::Fail(AuditFault fault, int64_t number) {
  verdict_.fault = fault;
  verdict_.fault_number = number;
  return false;
}

bool AuditVerifier::Take(const ChainedRow& row) {
  const int64_t expected = verdict_.verified + 1;
  if (row.number != expected) return Fail(AuditFault::kRowRemoved, expected);
  const std::optional<std::string> hash = chain_.HashOf(row, previous_hash_);
  if (!hash.has_value()) return Fail(AuditFault::kKeyMissing, expected);
  if (*hash != row.hash) return Fail(AuditFault::kRowChanged, expected);
  if (row.time < covered_until_) last_old_row_ = expected;
  if (!FitsCheckpoints(row)) return Fail(AuditFault::kCheckpointDiffers, expected);
  previous_hash_ = row.hash;
  verdict_.verified = expected;
  return true;
}

// Signatures take their time: one is looked at only when its checkpoint says something that
// matters.
bool AuditVerifier::FitsCheckpoints(const ChainedRow& row) {
  for (; next_checkpoint_ < checkpoints_.size(); ++next_checkpoint_) {
    const AuditCheckpoint& checkpoint = checkpoints_[next_checkpoint_];
    if (checkpoint.number > row.number) break;
    if (checkpoint.number < row.number || checkpoint.hash == row.hash) continue;
    if (chain_.Verify(checkpoint)) return false;
  }
  return true;
}

AuditVerdict AuditVerifier::Finish() {
  if (verdict_.fault != AuditFault::kNone) return verdict_;
  const std::optional<AuditCheckpoint> last = last_checkpoint();
  const int64_t covered = last.has_value() ? last->number : 0;
  if (covered > verdict_.verified) {
    Fail(AuditFault::kTailCut, verdict_.verified + 1);
  } else if (covered < last_old_row_) {
    Fail(AuditFault::kCheckpointMissing, covered + 1);
  }
  return verdict_;
}

std::optional<AuditCheckpoint> AuditVerifier::last_checkpoint() const {
  for (auto checkpoint = checkpoints_.rbegin(); checkpoint != checkpoints_.rend(); ++checkpoint) {
    if (chain_.Verify(*checkpoint)) return *checkpoint;
  }
  return std::nullopt;
}

}  // namespace latchkey::keyvault
