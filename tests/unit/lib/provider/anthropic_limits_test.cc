#include "lib/provider/anthropic_limits.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace latchkey::provider {
namespace {

std::optional<int> Ceiling(const std::map<std::string, std::string, std::less<>>& headers) {
  return AnthropicCallCeiling([&](std::string_view name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  });
}

constexpr char kRequests[] = "anthropic-ratelimit-requests-limit";
constexpr char kInput[] = "anthropic-ratelimit-input-tokens-limit";
constexpr char kOutput[] = "anthropic-ratelimit-output-tokens-limit";

TEST(AnthropicLimitsTest, TheTightestLimitCounts) {
  // The tier Start: 0.7 × min(250, 333, 1250).
  EXPECT_EQ(Ceiling({{kRequests, "1000"}, {kInput, "2000000"}, {kOutput, "400000"}}), 175);
  EXPECT_EQ(Ceiling({{kRequests, "1000"}, {kInput, "2000000"}, {kOutput, "3200"}}), 7);
}

TEST(AnthropicLimitsTest, OneCallIsAlwaysBorne) { EXPECT_EQ(Ceiling({{kRequests, "1"}}), 1); }

TEST(AnthropicLimitsTest, NoLimitIsToldByNothingAndByNonsense) {
  EXPECT_EQ(Ceiling({}), std::nullopt);
  EXPECT_EQ(Ceiling({{kRequests, "many"}, {kInput, "-5"}, {kOutput, ""}}), std::nullopt);
}

TEST(AnthropicLimitsTest, AnAbsurdLimitIsBounded) {
  EXPECT_EQ(Ceiling({{kRequests, "9223372036854775807"}}), 70'000);
}

}  // namespace
}  // namespace latchkey::provider
