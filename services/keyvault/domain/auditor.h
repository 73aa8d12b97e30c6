// Auditor: shows a tenant's audit rows, verifies them, and signs how far they are.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/keyvault/domain/audit_log.h"
#include "services/keyvault/domain/audit_verifier.h"

namespace latchkey::keyvault {

inline constexpr int kAuditRowsPerPageMax = 100;

struct AuditPage {
  std::vector<ChainedRow> rows;
  int64_t next_before = 0;  // 0 on the last page.
};

struct AuditReport {
  AuditVerdict verdict;
  std::optional<AuditCheckpoint> checkpoint;
};

// Lives on one io thread. What it is made from outlives it.
class Auditor {
 public:
  Auditor(const AuditChain& chain, AuditLog& log, CheckpointLog& checkpoints, const Clock& clock)
      : chain_(chain), log_(log), checkpoints_(checkpoints), clock_(clock) {}

  // The newest first, from below `before` on. `limit` is 1 to kAuditRowsPerPageMax.
  Task<absl::StatusOr<AuditPage>> List(const TenantId& tenant, std::optional<Provider> provider,
                                       int64_t before, int limit);

  // Walks the whole chain, a page at a time. kFailedPrecondition `checkpoints_unreadable`.
  Task<absl::StatusOr<AuditReport>> Verify(const TenantId& tenant);

  // Signs the heads of all chains that have grown since the last time, and of all at the first.
  Task<absl::Status> Checkpoint();

 private:
  const AuditChain& chain_;
  AuditLog& log_;
  CheckpointLog& checkpoints_;
  const Clock& clock_;
  absl::Time signed_until_ = absl::UnixEpoch();
};

}  // namespace latchkey::keyvault
