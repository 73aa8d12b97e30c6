// Tool declarations: what the model is told that it can do beside speaking.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/media/domain/call_spec.h"

namespace latchkey::media {

inline constexpr std::string_view kEndCallTool = "end_call";
inline constexpr std::string_view kTransferTool = "transfer_call";
inline constexpr std::string_view kSendDtmfTool = "send_dtmf";

// Names and schemas are the same for all providers; each has a form of its own around them.
struct ToolDeclaration {
  std::string name;
  std::string description;
  std::string parameters;  // JSON Schema of an object.
};

// The built-in ones, then the agent's own. transfer_call only where there is somebody to transfer
// to: the model names one of them, and no number.
std::vector<ToolDeclaration> DeclareTools(const AgentSettings& agent);

// The agent's system prompt, and what holds for its tools' answers if it has any.
std::string SystemPrompt(const AgentSettings& agent);

}  // namespace latchkey::media
