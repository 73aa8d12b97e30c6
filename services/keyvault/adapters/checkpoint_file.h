// CheckpointLog in a file: one JSON object a line, only ever added to.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <string>

#include "services/keyvault/domain/audit_log.h"

namespace latchkey::keyvault {

// Reads and writes on a thread of its own. Several replicas may share the file, on one machine: a
// write is one append. Without a directory it keeps nothing and finds nothing.
class CheckpointFile final : public CheckpointLog {
 public:
  // `directory` may be "".
  explicit CheckpointFile(const std::string& directory);
  ~CheckpointFile() override;

  Task<absl::Status> Append(const std::vector<AuditCheckpoint>& checkpoints) override;
  Task<absl::StatusOr<std::vector<AuditCheckpoint>>> ListLast(const TenantId& tenant) override;

  bool enabled() const { return !path_.empty(); }

 private:
  Task<absl::Status> Write(std::string lines);
  Task<absl::StatusOr<std::vector<AuditCheckpoint>>> Read(std::string tenant);

  const std::string path_;
  boost::asio::thread_pool disk_{1};
};

}  // namespace latchkey::keyvault
