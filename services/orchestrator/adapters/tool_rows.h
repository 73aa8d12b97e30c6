// Tool rows: tools and transfer targets as the columns of numbers keep them, in JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/orchestrator/domain/tool.h"

namespace latchkey::orchestrator {

std::string ToolsJson(const std::vector<Tool>& tools);
std::string TransferTargetsJson(const std::vector<TransferTarget>& targets);

// What the functions above have written.
std::vector<Tool> ReadTools(std::string_view json);
std::vector<TransferTarget> ReadTransferTargets(std::string_view json);

}  // namespace latchkey::orchestrator
