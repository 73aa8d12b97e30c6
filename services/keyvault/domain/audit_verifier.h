// AuditVerifier: walks a tenant's audit rows and names the first one that is not as it was written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/keyvault/domain/audit_chain.h"

namespace latchkey::keyvault {

enum class AuditFault {
  kNone,
  kRowChanged,
  kRowRemoved,
  kTailCut,
  kCheckpointDiffers,
  kCheckpointMissing,
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
  // `checkpoints`, by number, are compared with the rows that they name: a chain that was cut and
  // has grown again differs from those of before. One whose signature does not hold is passed over.
  // `covered_until`: rows from before it must not be newer than the last checkpoint.
  AuditVerifier(const AuditChain& chain, std::vector<AuditCheckpoint> checkpoints,
                absl::Time covered_until)
      : chain_(chain), checkpoints_(std::move(checkpoints)), covered_until_(covered_until) {}

  // Takes the next row, by number. False: there is a fault, and no more need come.
  bool Take(const ChainedRow& row);

  // After the last row.
  AuditVerdict Finish();

  // The last checkpoint that is signed, if there is any.
  std::optional<AuditCheckpoint> last_checkpoint() const;

 private:
  bool Fail(AuditFault fault, int64_t number);
  bool FitsCheckpoints(const ChainedRow& row);

  const AuditChain& chain_;
  const std::vector<AuditCheckpoint> checkpoints_;
  const absl::Time covered_until_;
  size_t next_checkpoint_ = 0;
  std::string previous_hash_;
  int64_t last_old_row_ = 0;  // From before covered_until_.
  AuditVerdict verdict_;
};

}  // namespace latchkey::keyvault
