// AuditLog: where audit rows are written on their own, and read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/id.h"
#include "lib/base/task.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/audit_chain.h"

namespace latchkey::keyvault {

// Every error is Postgres' (lib/pg/pool.h).
class AuditLog {
 public:
  virtual ~AuditLog() = default;

  // Adds a row to its tenant's chain. What comes back is committed.
  virtual Task<absl::Status> Write(const AuditRow& row) = 0;

  // At most `limit` rows of a tenant with a number below `before`, the highest first; those of one
  // provider's keys, if it is given.
  virtual Task<absl::StatusOr<std::vector<ChainedRow>>> List(const TenantId& tenant,
                                                             std::optional<Provider> provider,
                                                             int64_t before, int limit) = 0;

  // At most `limit` rows of a tenant with a number above `after`, by number.
  virtual Task<absl::StatusOr<std::vector<ChainedRow>>> Walk(const TenantId& tenant, int64_t after,
                                                             int limit) = 0;

  // The last row of each chain that has grown since `since`: by tenant, those after `after` (none
  // for the first page), at most `limit`.
  virtual Task<absl::StatusOr<std::vector<ChainedRow>>> Heads(absl::Time since,
                                                              std::optional<std::string> after,
                                                              int limit) = 0;
};

// The second place: signed checkpoints, where those who can write to the database cannot.
class CheckpointLog {
 public:
  virtual ~CheckpointLog() = default;

  // Adds them, for good. kUnavailable `checkpoints_unwritable`.
  virtual Task<absl::Status> Append(const std::vector<AuditCheckpoint>& checkpoints) = 0;

  // The tenant's checkpoint with the highest number of those whose signature holds; nothing when
  // there is none. kFailedPrecondition `checkpoints_unreadable`.
  virtual Task<absl::StatusOr<std::optional<AuditCheckpoint>>> FindLast(const TenantId& tenant) = 0;
};

}  // namespace latchkey::keyvault
