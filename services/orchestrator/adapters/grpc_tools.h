// GrpcTools: Orchestrator's method that runs tools.
#pragma once

#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "lib/rpc/call_context.h"
#include "services/orchestrator/domain/tool_runs.h"

namespace latchkey::orchestrator {

// Converts, calls, converts. The use case outlives it.
class GrpcTools {
 public:
  explicit GrpcTools(ToolRuns& runs) : runs_(runs) {}

  Task<absl::Status> RunTool(const rpc::CallContext& context, const v1::RunToolRequest& request,
                             v1::RunToolResponse& response);

 private:
  ToolRuns& runs_;
};

}  // namespace latchkey::orchestrator
