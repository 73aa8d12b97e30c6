#include "services/validator/providers/twilio.h"

#include <gtest/gtest.h>

#include "tests/unit/services/validator/providers/judged.h"

namespace latchkey::validator {
namespace {

constexpr char kSid[] = "AC00112233445566778899aabbccddeeff";

std::string Account(const std::string& status, const std::string& type) {
  return std::string(R"({"sid":")") + kSid + R"(","status":")" + status + R"(","type":")" + type +
         R"(","auth_token":"echoed"})";
}

std::string ErrorBody(int code) {
  return R"({"code":)" + std::to_string(code) + R"(,"message":"x","status":401})";
}

TEST(JudgeTwilioTest, AnActiveAccountMeansThatTheKeyWorks) {
  absl::StatusOr<Verdict> verdict = JudgeTwilio(Answer(200, Account("active", "Full")), kSid);

  ASSERT_THAT(verdict, IsValid());
  EXPECT_FALSE(verdict->trial);
  EXPECT_EQ(verdict->carrier_account, kSid);
}

TEST(JudgeTwilioTest, ATrialIsTold) {
  absl::StatusOr<Verdict> verdict = JudgeTwilio(Answer(200, Account("active", "Trial")), kSid);

  ASSERT_THAT(verdict, IsValid());
  EXPECT_TRUE(verdict->trial);
}

TEST(JudgeTwilioTest, A200IsNotEnough) {
  EXPECT_THAT(JudgeTwilio(Answer(200, Account("suspended", "Full")), kSid),
              IsRejected(Rejection::kAccountSuspended));
  EXPECT_THAT(JudgeTwilio(Answer(200, Account("closed", "Full")), kSid),
              IsRejected(Rejection::kAccountSuspended));
}

TEST(JudgeTwilioTest, EachRefusalHasItsReason) {
  EXPECT_THAT(JudgeTwilio(Answer(401, ErrorBody(20003)), kSid), IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(JudgeTwilio(Answer(401, ErrorBody(70004)), kSid),
              IsRejected(Rejection::kInsufficientScope));
  EXPECT_THAT(JudgeTwilio(Answer(403, ErrorBody(20008)), kSid),
              IsRejected(Rejection::kInsufficientScope));
  EXPECT_THAT(JudgeTwilio(Answer(403, ErrorBody(20403)), kSid),
              IsRejected(Rejection::kAccountSuspended));
  EXPECT_THAT(JudgeTwilio(Answer(401, ErrorBody(20005)), kSid),
              IsRejected(Rejection::kAccountSuspended));
  EXPECT_THAT(JudgeTwilio(Answer(404, ErrorBody(20404)), kSid), IsRejected(Rejection::kInvalidKey));
}

TEST(JudgeTwilioTest, WhatIsNotTheKeysFaultIsNoVerdict) {
  EXPECT_THAT(JudgeTwilio(Answer(429, ErrorBody(20429)), kSid), IsRateLimited());
  EXPECT_THAT(JudgeTwilio(Answer(503, "gateway"), kSid), IsUnreachable());
}

}  // namespace
}  // namespace latchkey::validator
