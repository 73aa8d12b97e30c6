#include "sandbox/scenario/scenario.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace latchkey::sandbox {

std::string_view Name(Provider provider) {
  for (const auto& [name, known] : kProviders) {
    if (known == provider) return name;
  }
  return "";
}

std::string NormalizeWords(std::string_view text) {
  std::string words;
  for (char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (std::isalnum(byte) || character == '\'') {
      words += static_cast<char>(std::tolower(byte));
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  if (!words.empty() && words.back() == ' ') words.pop_back();
  return words;
}

// Whole words only: "no" is not in "know".
bool AgentReply::Fits(std::string_view user_message) const {
  if (!after_tool.empty()) return false;
  if (when.empty()) return true;
  const std::string heard = " " + NormalizeWords(user_message) + " ";
  return std::ranges::any_of(when, [&](const std::string& phrase) {
    return heard.find(" " + NormalizeWords(phrase) + " ") != std::string::npos;
  });
}

Callee Scenario::CalleeAt(std::string_view number) const {
  auto found = callees.find(std::string(number));
  if (found == callees.end()) found = callees.find("*");
  return found == callees.end() ? Callee{} : found->second;
}

const AgentReply* Scenario::ReplyTo(std::string_view user_message) const {
  const auto fits = [&](const AgentReply& reply) { return reply.Fits(user_message); };
  const auto found = std::ranges::find_if(agent, fits);
  return found == agent.end() ? nullptr : &*found;
}

const AgentReply* Scenario::ReplyToTool(std::string_view tool) const {
  const auto found = std::ranges::find(agent, tool, &AgentReply::after_tool);
  return tool.empty() || found == agent.end() ? nullptr : &*found;
}

std::vector<std::string> Scenario::CalleeLines() const {
  std::set<std::string> seen;
  std::vector<std::string> lines;
  for (const auto& [number, callee] : callees) {
    for (const CalleeLine& line : callee.lines) {
      if (!line.say.empty() && seen.insert(line.say).second) lines.push_back(line.say);
    }
  }
  return lines;
}

}  // namespace latchkey::sandbox
