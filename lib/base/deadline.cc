#include "lib/base/deadline.h"

#include "lib/base/error.h"

namespace latchkey {

absl::Status DeadlineError() {
  return Error(absl::StatusCode::kDeadlineExceeded, "deadline_exceeded",
               "No answer within the time allowed; whether it was done is unknown. Ask again with "
               "the same request id.");
}

absl::Status CancelledError() {
  return Error(absl::StatusCode::kCancelled, "cancelled", "The work was called off.");
}

}  // namespace latchkey
