// FakeToolEndpoint: tools that answer what a test wants.
#pragma once

#include <string>
#include <vector>

#include "services/orchestrator/domain/tool_endpoint.h"

namespace latchkey::orchestrator {

class FakeToolEndpoint final : public ToolEndpoint {
 public:
  Task<absl::StatusOr<std::string>> Run(const ToolCall& call) override {
    calls.push_back(call);
    co_return answer;
  }

  absl::StatusOr<std::string> answer = "";
  std::vector<ToolCall> calls;
};

}  // namespace latchkey::orchestrator
