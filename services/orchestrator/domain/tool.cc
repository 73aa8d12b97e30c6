#include "services/orchestrator/domain/tool.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "lib/base/e164.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

// More would only confuse a model that has to answer at once.
constexpr size_t kToolsMax = 16;
constexpr size_t kTargetsMax = 10;
constexpr size_t kNameBytesMax = 64;  // Anthropic's and OpenAI's limit.
constexpr size_t kDescriptionBytesMax = 1'000;
constexpr size_t kParametersBytesMax = 4'000;
constexpr size_t kUrlBytesMax = 1'000;
constexpr size_t kFillerBytesMax = 200;
// All of them travel in one request of 64 KiB, and a hundred agents in one answer of 4 MiB.
constexpr size_t kAllBytesMax = 16'000;
constexpr absl::Duration kTimeoutMin = absl::Milliseconds(100);
// Nobody waits longer on the telephone.
constexpr absl::Duration kTimeoutMax = absl::Seconds(15);

constexpr std::string_view kBuiltIn[] = {"end_call", "transfer_call", "send_dtmf"};

bool IsName(std::string_view text) {
  if (text.empty() || text.size() > kNameBytesMax || text[0] < 'a' || text[0] > 'z') return false;
  return std::ranges::all_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

absl::Status ValidateOne(const Tool& tool) {
  if (!IsName(tool.name)) {
    return Malformed(
        "A tool's name is a small letter, then small letters, digits and underscores; at most 64.");
  }
  if (std::ranges::find(kBuiltIn, tool.name) != std::end(kBuiltIn)) {
    return Malformed("end_call, transfer_call and send_dtmf are built in. Choose other names.");
  }
  if (tool.description.empty() || tool.description.size() > kDescriptionBytesMax) {
    return Malformed("A tool's description has 1 to 1000 bytes.");
  }
  if (tool.parameters.size() > kParametersBytesMax) {
    return Malformed("A tool's parameters have at most 4000 bytes.");
  }
  if (!tool.url.starts_with("https://") || tool.url.size() > kUrlBytesMax) {
    return Malformed("A tool's url begins with https:// and has at most 1000 bytes.");
  }
  if (tool.timeout < kTimeoutMin || tool.timeout > kTimeoutMax) {
    return Malformed("A tool's timeout is 0.1 to 15 seconds.");
  }
  if (tool.filler.size() > kFillerBytesMax) {
    return Malformed("A tool's filler has at most 200 bytes.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Validate(const std::vector<Tool>& tools) {
  if (tools.size() > kToolsMax) return Malformed("An agent has at most 16 tools.");
  std::set<std::string_view> names;
  size_t bytes = 0;
  for (const Tool& tool : tools) {
    if (absl::Status valid = ValidateOne(tool); !valid.ok()) return valid;
    if (!names.insert(tool.name).second) return Malformed("Two tools have the same name.");
    bytes += tool.description.size() + tool.parameters.size() + tool.url.size();
  }
  if (bytes > kAllBytesMax) {
    return Malformed("All tools' descriptions, parameters and urls have at most 16000 bytes.");
  }
  return absl::OkStatus();
}

absl::Status Validate(const std::vector<TransferTarget>& targets) {
  if (targets.size() > kTargetsMax) return Malformed("An agent has at most 10 transfer targets.");
  std::set<std::string_view> names;
  for (const TransferTarget& target : targets) {
    if (!IsName(target.name)) {
      return Malformed("A transfer target's name is formed like a tool's: \"front_desk\".");
    }
    if (!names.insert(target.name).second) {
      return Malformed("Two transfer targets have the same name.");
    }
    absl::StatusOr<E164> e164 = E164::Parse(target.e164);
    if (!e164.ok()) return e164.status();
  }
  return absl::OkStatus();
}

}  // namespace latchkey::orchestrator
