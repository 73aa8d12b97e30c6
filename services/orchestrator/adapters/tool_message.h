// ToolMessage: tools and transfer targets between the domain and their messages.
#pragma once

#include "absl/status/statusor.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "services/orchestrator/domain/tool_runs.h"

namespace latchkey::orchestrator {

// kInvalidArgument `malformed_request`: a tool's parameters are no JSON Schema of an object.
absl::StatusOr<std::vector<Tool>> ParseTools(const v1::Agent& message);
std::vector<TransferTarget> ParseTransferTargets(const v1::Agent& message);
void FillTools(const std::vector<Tool>& tools, const std::vector<TransferTarget>& targets,
               v1::Agent& message);

// kInvalidArgument `malformed_request` or `malformed_id`: the message names the field.
absl::StatusOr<WantedRun> ParseRun(const v1::RunToolRequest& request);

}  // namespace latchkey::orchestrator
