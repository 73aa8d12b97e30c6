// ToolUse: what the model wants done beside speaking, and what came of it.
#pragma once

#include <string>
#include <vector>

namespace latchkey::media {

struct ToolUse {
  std::string id;         // The provider's name for it.
  std::string name;       // "find_slot"
  std::string arguments;  // A JSON object, as the model wrote it; it need not be one.
};

// `content` is JSON that the platform makes; what a tool answered stands in it as one string.
struct ToolResult {
  std::string id;
  std::string content;
  bool failed = false;
};

// What one reply asked for, with a result for each use, in the same order.
struct ToolRound {
  std::vector<ToolUse> uses;
  std::vector<ToolResult> results;
};

}  // namespace latchkey::media
