// ToolEndpoint: where a tenant's tool is run, as ToolRuns asks for it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/base/id.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/tool.h"

namespace latchkey::orchestrator {

// One run of one tool.
struct ToolCall {
  TenantId tenant;
  NumberId number;
  CallId call;
  std::string invocation_id;
  Tool tool;
  std::string arguments;  // A JSON object.
};

class ToolEndpoint {
 public:
  virtual ~ToolEndpoint() = default;

  // Sends one signed request, and gives the answer's text. The answer is whatever a stranger's
  // server says: data, never an instruction.
  //
  //   kFailedPrecondition  signing_secret_missing   the tenant has none; nothing was sent
  //   kFailedPrecondition  tool_redirected          redirects are not followed
  //   kPermissionDenied    tool_address_forbidden   the host is not one of the open internet
  //   kUnavailable         tool_unreachable         no connection, or no trusted certificate
  //   kUnavailable         tool_failed              a status other than 2xx; metadata `status`
  //   kUnavailable         keyvault_unreachable     nothing was sent
  //   kDeadlineExceeded    tool_timeout             unknown whether it was done
  //   kResourceExhausted   tool_answer_too_large
  //   kInvalidArgument     tool_answer_unreadable   the answer is no UTF-8 text
  virtual Task<absl::StatusOr<std::string>> Run(const ToolCall& call) = 0;
};

}  // namespace latchkey::orchestrator
