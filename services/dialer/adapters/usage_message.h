// What billing is told about an ended call, as it stands in the outbox.
#pragma once

#include <string>

#include "services/dialer/domain/call.h"

namespace latchkey::dialer {

// A serialized billing.v1.RecordUsageRequest. `call` has ended.
std::string UsageMessage(const Call& call);

}  // namespace latchkey::dialer
