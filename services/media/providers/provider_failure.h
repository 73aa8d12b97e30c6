// ProviderFailure: what a failed connection to a provider means for the call.
#pragma once

#include "absl/status/status.h"
#include "services/media/domain/failure_policy.h"

namespace latchkey::media {

// `why` comes from lib/http. An upgrade that was refused carries the provider's HTTP status.
absl::Status ProviderFailure(Party party, const absl::Status& why);

}  // namespace latchkey::media
