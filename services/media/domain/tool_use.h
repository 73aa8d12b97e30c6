// ToolUse: what the model wants done beside speaking.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::media {

// The tool by which an agent hangs up.
inline constexpr std::string_view kEndCallTool = "end_call";

struct ToolUse {
  std::string id;         // The provider's name for it.
  std::string name;       // "find_slot"
  std::string arguments;  // A JSON object, as the model wrote it; it need not be one.
};

}  // namespace latchkey::media
