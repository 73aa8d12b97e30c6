#include "services/validator/providers/exotel.h"

#include <gtest/gtest.h>

#include "tests/unit/services/validator/providers/judged.h"

namespace latchkey::validator {
namespace {

constexpr char kSid[] = "acme1";

std::string Exception(const std::string& message) {
  return R"({"RestException":{"Status":403,"Message":")" + message + R"(","Code":0}})";
}

TEST(JudgeExotelTest, AnAccountThatCanBeReadMeansThatTheKeyWorks) {
  absl::StatusOr<Verdict> verdict =
      JudgeExotel(Answer(200, R"({"Account":{"Sid":"acme1","Status":"active"}})"), kSid);

  ASSERT_THAT(verdict, IsValid());
  EXPECT_EQ(verdict->carrier_account, kSid);
}

TEST(JudgeExotelTest, TheFieldsMayStandWithoutAnEnvelopeOrNotAtAll) {
  EXPECT_THAT(JudgeExotel(Answer(200, R"({"Sid":"acme1","Status":"active"})"), kSid), IsValid());
  EXPECT_THAT(JudgeExotel(Answer(200, "<TwilioResponse/>"), kSid), IsValid());
}

TEST(JudgeExotelTest, A200IsNotEnough) {
  EXPECT_THAT(JudgeExotel(Answer(200, R"({"Account":{"Status":"suspended"}})"), kSid),
              IsRejected(Rejection::kAccountSuspended));
}

TEST(JudgeExotelTest, EachRefusalHasItsReason) {
  EXPECT_THAT(JudgeExotel(Answer(401, ""), kSid), IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(JudgeExotel(Answer(401, "<html>gateway</html>"), kSid),
              IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(JudgeExotel(Answer(404, "{}"), kSid), IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(JudgeExotel(Answer(402, "{}"), kSid), IsRejected(Rejection::kNoCredit));
  EXPECT_THAT(JudgeExotel(Answer(403, Exception("not yet KYC compliant")), kSid),
              IsRejected(Rejection::kAccountSuspended));
  EXPECT_THAT(JudgeExotel(Answer(403, Exception("IP not allowed")), kSid),
              IsRejected(Rejection::kInsufficientScope));
}

TEST(JudgeExotelTest, WhatIsNotTheKeysFaultIsNoVerdict) {
  EXPECT_THAT(JudgeExotel(Answer(429, "{}"), kSid), IsRateLimited());
  EXPECT_THAT(JudgeExotel(Answer(503, "gateway"), kSid), IsUnreachable());
}

}  // namespace
}  // namespace latchkey::validator
