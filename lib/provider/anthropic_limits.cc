#include "lib/provider/anthropic_limits.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace latchkey::provider {

namespace {

constexpr int64_t kTurnsPerMinute = 4;
constexpr int64_t kInputTokensPerTurn = 1500;
constexpr int64_t kOutputTokensPerTurn = 80;
constexpr int64_t kCeilingMax = 100'000;  // A header may say anything.

constexpr std::pair<std::string_view, int64_t> kPerCall[] = {
    {"anthropic-ratelimit-requests-limit", kTurnsPerMinute},
    {"anthropic-ratelimit-input-tokens-limit", kInputTokensPerTurn* kTurnsPerMinute},
    {"anthropic-ratelimit-output-tokens-limit", kOutputTokensPerTurn* kTurnsPerMinute}};

std::optional<int64_t> ParseLimit(std::string_view text) {
  int64_t limit = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return limit;
}

}  // namespace

std::optional<int> AnthropicCallCeiling(const HeaderOf& header) {
  std::optional<int64_t> least;
  for (const auto& [name, per_call] : kPerCall) {
    const std::optional<int64_t> limit = ParseLimit(header(name));
    if (!limit.has_value() || *limit < 0) continue;
    const int64_t calls = std::min(*limit, kCeilingMax * per_call) * 7 / (10 * per_call);
    least = std::min(least.value_or(calls), calls);
  }
  if (!least.has_value()) return std::nullopt;
  return static_cast<int>(std::max<int64_t>(*least, 1));
}

}  // namespace latchkey::provider
