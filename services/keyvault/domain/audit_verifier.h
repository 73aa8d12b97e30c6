// AuditVerifier: walks a tenant's audit rows and names the first one that is not as it was written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "services/keyvault/domain/audit_chain.h"

namespace latchkey::keyvault {

enum class AuditFault {
  kNone,
  kRowChanged,
  kRowRemoved,
  kTailCut,
  kCheckpointDiffers,
  kKeyMissing
};

struct AuditVerdict {
  AuditFault fault = AuditFault::kNone;
  int64_t fault_number = 0;  // The row that it names.
  int64_t verified = 0;      // Rows without a fault.
};

// A rule: rows in, one after the other, a verdict out. Keeps one hash, however long the chain is.
class AuditVerifier {
 public:
  // `checkpoint`: the last one that is signed, if there is any.
  AuditVerifier(const AuditChain& chain, std::optional<AuditCheckpoint> checkpoint)
      : chain_(chain), checkpoint_(std::move(checkpoint)) {}

  // Takes the next row, by number. False: there is a fault, and no more need come.
  bool Take(const ChainedRow& row);

  // After the last row.
  AuditVerdict Finish();

 private:
  bool Fail(AuditFault fault, int64_t number);

  const AuditChain& chain_;
  const std::optional<AuditCheckpoint> checkpoint_;
  std::string previous_hash_;
  AuditVerdict verdict_;
};

}  // namespace latchkey::keyvault
