#include "services/orchestrator/adapters/disk_recordings.h"

#include <fcntl.h>
#include <unistd.h>

#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {

absl::StatusOr<std::string> DiskRecordings::Read(const std::string& file, int64_t offset,
                                                 size_t bytes_max) {
  if (folder_.empty() || !IsPlainFileName(file)) return RecordingNotFound();
  const std::string path = folder_ + "/" + file;
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return RecordingNotFound();
  std::string bytes(bytes_max, '\0');
  const ssize_t count = pread(descriptor, bytes.data(), bytes.size(), offset);
  close(descriptor);
  if (count < 0) return RecordingNotFound();
  bytes.resize(static_cast<size_t>(count));
  return bytes;
}

}  // namespace latchkey::orchestrator
