#include "services/orchestrator/adapters/grpc_tools.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/orchestrator/adapters/tool_message.h"

namespace latchkey::orchestrator {

Task<absl::Status> GrpcTools::RunTool(const rpc::CallContext&, const v1::RunToolRequest& request,
                                      v1::RunToolResponse& response) {
  absl::StatusOr<WantedRun> wanted = ParseRun(request);
  if (!wanted.ok()) co_return wanted.status();
  absl::StatusOr<std::string> answer = co_await runs_.Run(*wanted);
  if (!answer.ok()) {
    log::Info("tool not run", {{"call_id", wanted->call.text()},
                               {"tenant_id", wanted->tenant.text()},
                               {"reason", Reason(answer.status())}});
    co_return answer.status();
  }
  response.set_answer(*std::move(answer));
  co_return absl::OkStatus();
}

}  // namespace latchkey::orchestrator
