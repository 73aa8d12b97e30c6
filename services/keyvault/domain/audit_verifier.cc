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
  if (checkpoint_.has_value() && checkpoint_->number == expected && checkpoint_->hash != *hash) {
    return Fail(AuditFault::kCheckpointDiffers, expected);
  }
  previous_hash_ = row.hash;
  verdict_.verified = expected;
  return true;
}

AuditVerdict AuditVerifier::Finish() {
  const bool whole = verdict_.fault == AuditFault::kNone;
  if (whole && checkpoint_.has_value() && checkpoint_->number > verdict_.verified) {
    Fail(AuditFault::kTailCut, verdict_.verified + 1);
  }
  return verdict_;
}

}  // namespace latchkey::keyvault
