#include "services/orchestrator/domain/tool_runs.h"

#include <algorithm>

#include "lib/base/error.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr size_t kInvocationBytesMax = 128;
constexpr size_t kArgumentsBytesMax = 16 * 1024;

// It becomes a header, and stands in front of a dot in what is signed.
bool IsInvocationId(std::string_view text) {
  if (text.empty() || text.size() > kInvocationBytesMax) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

absl::Status ToolNotFound() {
  return Error(absl::StatusCode::kNotFound, reasons::kToolNotFound,
               "The number's agent has no such tool.");
}

}  // namespace

Task<absl::StatusOr<std::string>> ToolRuns::Run(const WantedRun& wanted) {
  if (!IsInvocationId(wanted.invocation_id)) {
    co_return Malformed("invocation_id has 1 to 128 letters, digits, hyphens and underscores.");
  }
  if (wanted.arguments.size() > kArgumentsBytesMax) {
    co_return Malformed("arguments has at most 16 KiB.");
  }
  absl::StatusOr<Number> number = co_await numbers_.Find(wanted.tenant, wanted.number);
  if (!number.ok()) co_return number.status();
  const auto tool = std::ranges::find(number->agent.tools, wanted.tool, &Tool::name);
  if (tool == number->agent.tools.end()) co_return ToolNotFound();
  const ToolCall call{.tenant = wanted.tenant,
                      .number = wanted.number,
                      .call = wanted.call,
                      .invocation_id = wanted.invocation_id,
                      .tool = *tool,
                      .arguments = wanted.arguments};
  co_return co_await endpoint_.Run(call);
}

}  // namespace latchkey::orchestrator
