#include "services/keyvault/domain/denial_log.h"

#include <utility>

#include "lib/base/error.h"

namespace latchkey::keyvault {

Task<absl::Status> DenialLog::Record(AuditRow row, absl::Status why) {
  if (!Count(row)) co_return why;
  co_return co_await Write(std::move(row), std::move(why));
}

Task<absl::Status> DenialLog::Write(AuditRow row, absl::Status why) {
  const absl::Status written = co_await log_.Write(row);
  if (written.ok()) co_return why;
  denials_.PutBack(std::move(row), clock_.Now());
  co_return WithMetadata(std::move(why), "unaudited", Reason(written));
}

Task<absl::Status> DenialLog::WriteCounts(bool all) {
  const absl::Time until = all ? absl::InfiniteFuture() : clock_.Now();
  absl::Status written;
  for (AuditRow& row : denials_.TakeEnded(until)) {
    if (written.ok()) written = co_await log_.Write(row);
    if (!written.ok()) denials_.PutBack(std::move(row), clock_.Now());
  }
  co_return written;
}

}  // namespace latchkey::keyvault
