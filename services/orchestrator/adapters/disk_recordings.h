// DiskRecordings: recordings as files in one folder, the volume that media writes.
#pragma once

#include <string>

#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

// Reads block the io thread; a piece is small and mostly in the page cache.
class DiskRecordings final : public Recordings {
 public:
  explicit DiskRecordings(std::string folder) : folder_(std::move(folder)) {}

  absl::StatusOr<std::string> Read(const std::string& file, int64_t offset,
                                   size_t bytes_max) override;

 private:
  const std::string folder_;
};

}  // namespace latchkey::orchestrator
