// Tool body: an agent's tools and transfer targets as the API takes and shows them.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "absl/status/status.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"

namespace latchkey::gateway {

// "tools": [{"name", "description", "parameters": {a JSON Schema}, "url", "timeoutMs", "filler"}]
// and "transferTargets": [{"name", "e164"}] of an agent's body; each may be left out.
// kInvalidArgument `malformed_body` names what is wrong.
absl::Status ParseTools(const boost::json::object& body, orchestrator::v1::Agent& agent);

boost::json::array ToolsView(const orchestrator::v1::Agent& agent);
boost::json::array TransferTargetsView(const orchestrator::v1::Agent& agent);

}  // namespace latchkey::gateway
