#include "sandbox/providers/anthropic_limits.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

AnthropicQuirks Small() {
  AnthropicQuirks quirks;
  quirks.requests_per_minute = 60;
  quirks.enforce_limits = true;
  return quirks;
}

TEST(AnthropicLimitsTest, CountsDownAndFillsUpAgain) {
  AnthropicLimits limits;
  limits.Take("key", {2, 3500, 10}, Small(), kNow);

  const http::Headers at_once = limits.HeadersOf("key", Small(), kNow);
  const http::Headers later = limits.HeadersOf("key", Small(), kNow + absl::Seconds(2));

  EXPECT_EQ(at_once.Get("anthropic-ratelimit-requests-limit"), "60");
  EXPECT_EQ(at_once.Get("anthropic-ratelimit-requests-remaining"), "58");
  EXPECT_EQ(at_once.Get("anthropic-ratelimit-requests-reset"), "2027-01-15T08:00:02Z");
  EXPECT_EQ(at_once.Get("anthropic-ratelimit-input-tokens-remaining"), "1996000");
  EXPECT_EQ(at_once.Get("anthropic-ratelimit-tokens-limit"), "2400000");
  EXPECT_EQ(later.Get("anthropic-ratelimit-requests-remaining"), "60");
}

TEST(AnthropicLimitsTest, EachKeyHasItsOwn) {
  AnthropicLimits limits;
  limits.Take("one", {5, 0, 0}, Small(), kNow);

  EXPECT_EQ(limits.HeadersOf("two", Small(), kNow).Get("anthropic-ratelimit-requests-remaining"),
            "60");
}

TEST(AnthropicLimitsTest, WhoHasUsedThemUpWaits) {
  AnthropicLimits limits;
  limits.Take("key", {60, 0, 0}, Small(), kNow);

  EXPECT_EQ(limits.Wait("key", Small(), kNow), absl::Seconds(1));
  EXPECT_EQ(limits.Wait("key", Small(), kNow + absl::Seconds(1)), absl::ZeroDuration());
  EXPECT_EQ(limits.Wait("other", Small(), kNow), absl::ZeroDuration());
}

TEST(AnthropicLimitsTest, NobodyWaitsUnlessTheyAreEnforced) {
  AnthropicQuirks quirks = Small();
  quirks.enforce_limits = false;
  AnthropicLimits limits;
  limits.Take("key", {1000, 0, 0}, quirks, kNow);

  EXPECT_EQ(limits.Wait("key", quirks, kNow), absl::ZeroDuration());
  EXPECT_EQ(limits.HeadersOf("key", quirks, kNow).Get("anthropic-ratelimit-requests-remaining"),
            "0");
}

}  // namespace
}  // namespace latchkey::sandbox
