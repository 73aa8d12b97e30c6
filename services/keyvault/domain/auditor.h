// Auditor: shows a tenant's audit rows, verifies them, and signs how far they are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
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
  // `checkpoint_delay`: a row that is older than this has a checkpoint; infinite when none are
  // kept.
  Auditor(const AuditChain& chain, AuditLog& log, CheckpointLog& checkpoints, const Clock& clock,
          absl::Duration checkpoint_delay)
      : chain_(chain),
        log_(log),
        checkpoints_(checkpoints),
        clock_(clock),
        checkpoint_delay_(checkpoint_delay) {}

  // The newest first, from below `before` on. `limit` is 1 to kAuditRowsPerPageMax.
  Task<absl::StatusOr<AuditPage>> List(const TenantId& tenant, std::optional<Provider> provider,
                                       int64_t before, int limit);

  // Walks the whole chain, a page at a time. kFailedPrecondition `checkpoints_unreadable`.
  Task<absl::StatusOr<AuditReport>> Verify(const TenantId& tenant);

  // Signs the heads of all chains that have grown since the last time, and of all at the first.
  // What has grown is judged by the rows' own times, so a jump of the clock leaves nothing out.
  Task<absl::Status> Checkpoint();

 private:
  const AuditChain& chain_;
  AuditLog& log_;
  CheckpointLog& checkpoints_;
  const Clock& clock_;
  const absl::Duration checkpoint_delay_;
  absl::Time look_from_ = absl::UnixEpoch();
  std::map<std::string, int64_t> signed_;  // Of the chains that have grown lately: their last row.
};

}  // namespace latchkey::keyvault
