// Agent body: an agent's settings as the API takes them.
#pragma once

#include <boost/json/object.hpp>

#include "absl/status/statusor.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"

namespace latchkey::gateway {

// {"systemPrompt", "firstMessage", "voiceId", "llmModel", "sttModel", "ttsModel", "language",
// "record", "callSecondsMax", "pipeline": "composed" | "realtime", "realtimeModel",
// "realtimeVoice", "turnDetection": "server_vad" | "semantic_vad", "tools",
// "transferTargets" (tool_body.h)}: each may be left out.
// kInvalidArgument `malformed_body` names a
// field of the wrong type, or one that there is not.
absl::StatusOr<orchestrator::v1::Agent> ParseAgent(const boost::json::object& body);

}  // namespace latchkey::gateway
