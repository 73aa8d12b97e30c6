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

  // At most `limit` rows of a tenant with a number below `before`, the highest first; with a
  // provider, those of its keys and those that are about no single key, such as a denied ticket.
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

// Two weeks of a tenant that uses a key every minute.
inline constexpr size_t kCheckpointsReadMax = 20'000;

// The second place: signed checkpoints, where those who can write to the database cannot.
class CheckpointLog {
 public:
  virtual ~CheckpointLog() = default;

  // Adds them, for good. kUnavailable `checkpoints_unwritable`.
  virtual Task<absl::Status> Append(const std::vector<AuditCheckpoint>& checkpoints) = 0;

  // The tenant's last checkpoints, at most kCheckpointsReadMax, by number. Nobody has looked at
  // their signatures. kFailedPrecondition `checkpoints_unreadable`.
  virtual Task<absl::StatusOr<std::vector<AuditCheckpoint>>> ListLast(const TenantId& tenant) = 0;
};

}  // namespace latchkey::keyvault
