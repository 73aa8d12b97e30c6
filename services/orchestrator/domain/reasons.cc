#include "services/orchestrator/domain/reasons.h"

#include "lib/base/error.h"

namespace latchkey::orchestrator {

absl::Status Malformed(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest, message);
}

absl::Status TenantNotFound() {
  return Error(absl::StatusCode::kNotFound, reasons::kTenantNotFound,
               "There is no such tenant. Check the tenant's id.");
}

absl::Status NumberNotFound() {
  return Error(absl::StatusCode::kNotFound, reasons::kNumberNotFound,
               "The tenant has no such number. List its numbers to see their ids.");
}

absl::Status CallNotFound() {
  return Error(absl::StatusCode::kNotFound, reasons::kCallNotFound,
               "The tenant has no such call, or nothing has happened in it yet.");
}

absl::Status RecordingNotFound() {
  return Error(absl::StatusCode::kNotFound, reasons::kRecordingNotFound,
               "There is no recording of this call: it was not recorded, or it was erased.");
}

}  // namespace latchkey::orchestrator
