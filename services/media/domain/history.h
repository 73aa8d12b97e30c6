// History: the conversation as the LLM is told it, with only what was really heard.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/media/domain/call_spec.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// Starts with the callee, alternates, and has no empty message, as Anthropic's Messages API asks.
class History {
 public:
  explicit History(Direction direction);

  // Consecutive words of one side are one message. Empty text is dropped.
  void AddCallee(std::string_view text) { Add(false, text); }
  void AddAgent(std::string_view text) { Add(true, text); }

  // What the agent asked for after what it said last, and what came of it.
  void AddRound(ToolRound round);

  const std::vector<Said>& messages() const { return messages_; }

 private:
  void Add(bool by_agent, std::string_view text);
  void Trim();

  std::vector<Said> messages_;
};

}  // namespace latchkey::media
