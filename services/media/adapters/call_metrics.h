// CallMetrics: what Prometheus is told about calls.
#pragma once

#include "services/media/domain/call_event.h"

namespace latchkey::media {

// Thread-safe. Counts ends by disposition, troubles by provider and whether the call recovered, and
// interruptions; observes the latencies of each turn, each step from the callee's end of speech.
void Observe(const CallEvent& event);

}  // namespace latchkey::media
