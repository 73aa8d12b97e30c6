#include "services/gateway/adapters/live_calls.h"

#include "lib/base/error.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {

absl::StatusOr<keyvault::v1::LiveCalls> ParseLiveCalls(const ApiRequest& request) {
  const auto found = request.query.find("live_calls");
  if (found == request.query.end() || found->second == "finish") {
    return keyvault::v1::LIVE_CALLS_FINISH;
  }
  if (found->second == "end") return keyvault::v1::LIVE_CALLS_END;
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedParameter,
               "The parameter live_calls has to be \"finish\" or \"end\".");
}

}  // namespace latchkey::gateway
