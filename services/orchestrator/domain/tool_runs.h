// ToolRuns: runs tenants' tools for calls.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/ports.h"
#include "services/orchestrator/domain/tool_endpoint.h"

namespace latchkey::orchestrator {

// What a call asks for.
struct WantedRun {
  TenantId tenant;
  NumberId number;
  CallId call;
  std::string invocation_id;  // The tool sees it as webhook-id.
  std::string tool;           // Its name.
  std::string arguments;      // A JSON object; that it is one is seen to at the edge.
};

// The ports outlive it. Lives on one io thread.
class ToolRuns {
 public:
  ToolRuns(NumberStore& numbers, ToolEndpoint& endpoint) : numbers_(numbers), endpoint_(endpoint) {}

  // What the tool answered, as it came. The address is the one that the tenant gave the tool now:
  // the call has no say in it. Never repeated by itself, since a tool may do things.
  //
  //   kNotFound         number_not_found, tool_not_found
  //   kInvalidArgument  malformed_request
  //   and ToolEndpoint's
  Task<absl::StatusOr<std::string>> Run(const WantedRun& wanted);

 private:
  NumberStore& numbers_;
  ToolEndpoint& endpoint_;
};

}  // namespace latchkey::orchestrator
