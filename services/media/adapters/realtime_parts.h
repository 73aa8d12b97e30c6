// RealtimeParts: a call over OpenAI Realtime.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "services/media/adapters/phone_parts.h"

namespace latchkey::media {

// kFailedPrecondition `keys_not_leased`.
absl::StatusOr<std::unique_ptr<CallParts>> MakeRealtimeParts(const CallSpec& spec,
                                                             const StagePorts& ports,
                                                             std::unique_ptr<LeasedKeys> leased);

}  // namespace latchkey::media
