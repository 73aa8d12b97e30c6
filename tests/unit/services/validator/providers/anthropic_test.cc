#include "services/validator/providers/anthropic.h"

#include <gtest/gtest.h>

#include "tests/unit/services/validator/providers/judged.h"

namespace latchkey::validator {
namespace {

std::string ErrorBody(const std::string& type, const std::string& message,
                      const std::string& code = "") {
  return R"({"type":"error","error":{"type":")" + type + R"(","message":")" + message +
         R"(","details":{"error_code":")" + code + R"("}},"request_id":"req_1"})";
}

http::Headers RateLimits(const std::string& requests, const std::string& input,
                         const std::string& output) {
  return {{"anthropic-ratelimit-requests-limit", requests},
          {"anthropic-ratelimit-input-tokens-limit", input},
          {"anthropic-ratelimit-output-tokens-limit", output}};
}

TEST(JudgeAnthropicTest, AnAnswerMeansThatTheKeyWorks) {
  absl::StatusOr<Verdict> verdict =
      JudgeAnthropic(Answer(200, "{}", RateLimits("1000", "2000000", "400000")));

  ASSERT_THAT(verdict, IsValid());
  EXPECT_EQ(verdict->call_ceiling, 175);  // The Start tier's worked example.
}

TEST(JudgeAnthropicTest, EachRefusalHasItsReason) {
  EXPECT_THAT(JudgeAnthropic(Answer(401, ErrorBody("authentication_error", "invalid x-api-key"))),
              IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(JudgeAnthropic(Answer(402, ErrorBody("billing_error", "pay"))),
              IsRejected(Rejection::kNoCredit));
  EXPECT_THAT(JudgeAnthropic(Answer(403, ErrorBody("permission_error", "no"))),
              IsRejected(Rejection::kInsufficientScope));
  EXPECT_THAT(JudgeAnthropic(Answer(404, ErrorBody("not_found_error", "model"))),
              IsRejected(Rejection::kModelNotFound));
}

TEST(JudgeAnthropicTest, ABadRequestIsJudgedByItsMessage) {
  const std::string empty = "Your credit balance is too low to access the Anthropic API.";
  const std::string limit = "You have reached your specified API usage limits.";

  EXPECT_THAT(JudgeAnthropic(Answer(400, ErrorBody("invalid_request_error", empty))),
              IsRejected(Rejection::kNoCredit));
  EXPECT_THAT(JudgeAnthropic(Answer(400, ErrorBody("invalid_request_error", limit))),
              IsRejected(Rejection::kNoCredit));
  EXPECT_THAT(
      JudgeAnthropic(Answer(400, ErrorBody("invalid_request_error", "x", "organization_on_hold"))),
      IsRejected(Rejection::kAccountSuspended));
  EXPECT_THAT(JudgeAnthropic(Answer(400, ErrorBody("invalid_request_error", "max_tokens"))),
              IsUnreachable());
}

TEST(JudgeAnthropicTest, BeingBusyIsNoVerdict) {
  absl::StatusOr<Verdict> limited =
      JudgeAnthropic(Answer(429, ErrorBody("rate_limit_error", "slow"), {{"retry-after", "7"}}));

  EXPECT_THAT(limited, IsRateLimited());
  EXPECT_EQ(Metadata(limited.status())["retry_after_seconds"], "7");
  EXPECT_THAT(JudgeAnthropic(Answer(529, ErrorBody("overloaded_error", "busy"))), IsUnreachable());
  EXPECT_THAT(JudgeAnthropic(Answer(500, "<html>")), IsUnreachable());
}

TEST(JudgeAnthropicTest, AMonthsCapIsNoMatterOfWaiting) {
  EXPECT_THAT(JudgeAnthropic(Answer(
                  429, ErrorBody("rate_limit_error", "cap", "enforced_spend_limit_reached"))),
              IsRejected(Rejection::kNoCredit));
}

TEST(AnthropicCallCeilingTest, TheTightestLimitDecides) {
  EXPECT_EQ(AnthropicCallCeiling(RateLimits("5000", "5000000", "1000000")), 583);
  EXPECT_EQ(AnthropicCallCeiling(RateLimits("1000", "60000", "400000")), 7);
  EXPECT_EQ(AnthropicCallCeiling(RateLimits("1000", "2000000", "3200")), 7);
}

TEST(AnthropicCallCeilingTest, WithoutHeadersItIsFive) {
  EXPECT_EQ(AnthropicCallCeiling({}), 5);
  EXPECT_EQ(AnthropicCallCeiling(RateLimits("many", "", "-1")), 5);
}

TEST(AnthropicCallCeilingTest, ItIsNeverLessThanOneNorWithoutABound) {
  EXPECT_EQ(AnthropicCallCeiling(RateLimits("1", "1", "1")), 1);
  EXPECT_EQ(AnthropicCallCeiling(RateLimits("0", "0", "0")), 1);
  const std::string huge = "9223372036854775807";
  EXPECT_EQ(AnthropicCallCeiling(RateLimits(huge, huge, huge)), 70'000);
}

}  // namespace
}  // namespace latchkey::validator
