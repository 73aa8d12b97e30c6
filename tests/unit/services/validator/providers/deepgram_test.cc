#include "services/validator/providers/deepgram.h"

#include <gtest/gtest.h>

#include "tests/unit/services/validator/providers/judged.h"

namespace latchkey::validator {
namespace {

std::string ErrorBody(const std::string& code) {
  return R"({"err_code":")" + code + R"(","err_msg":"x","request_id":"r"})";
}

TEST(JudgeDeepgramTest, ATranscriptMeansThatTheKeyWorks) {
  EXPECT_THAT(JudgeDeepgram(Answer(200, "{}")), IsValid());
}

TEST(JudgeDeepgramTest, EachRefusalHasItsReason) {
  EXPECT_THAT(JudgeDeepgram(Answer(401, ErrorBody("INVALID_AUTH"))),
              IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(JudgeDeepgram(Answer(402, ErrorBody("ASR_PAYMENT_REQUIRED"))),
              IsRejected(Rejection::kNoCredit));
  EXPECT_THAT(JudgeDeepgram(Answer(403, ErrorBody("INSUFFICIENT_PERMISSIONS"))),
              IsRejected(Rejection::kModelNotFound));
}

TEST(JudgeDeepgramTest, A401HasTwoMeanings) {
  EXPECT_THAT(JudgeDeepgram(Answer(401, ErrorBody("INSUFFICIENT_PERMISSIONS"))),
              IsRejected(Rejection::kInsufficientScope));
  EXPECT_THAT(JudgeDeepgram(Answer(401, R"({"category":"INSUFFICIENT_PERMISSIONS"})")),
              IsRejected(Rejection::kInsufficientScope));
  EXPECT_THAT(JudgeDeepgram(Answer(401, "Invalid credentials.")),
              IsRejected(Rejection::kInvalidKey));
}

TEST(JudgeDeepgramTest, WhatIsNotTheKeysFaultIsNoVerdict) {
  EXPECT_THAT(JudgeDeepgram(Answer(429, ErrorBody("TOO_MANY_REQUESTS"))), IsRateLimited());
  EXPECT_THAT(JudgeDeepgram(Answer(400, ErrorBody("Bad Request"))), IsUnreachable());
  EXPECT_THAT(JudgeDeepgram(Answer(503, "busy")), IsUnreachable());
}

TEST(SilentWavTest, IsOneSecondOfMonoPcm) {
  const std::string wav = SilentWav();

  ASSERT_EQ(wav.size(), 16044u);
  EXPECT_EQ(wav.substr(0, 4), "RIFF");
  EXPECT_EQ(wav.substr(4, 4), std::string("\xa4\x3e\x00\x00", 4));  // 16036
  EXPECT_EQ(wav.substr(8, 8), "WAVEfmt ");
  EXPECT_EQ(wav.substr(24, 4), std::string("\x40\x1f\x00\x00", 4));  // 8000 Hz
  EXPECT_EQ(wav.substr(40, 4), std::string("\x80\x3e\x00\x00", 4));  // 16000 bytes
  EXPECT_EQ(wav.find_first_not_of('\0', 44), std::string::npos);
}

}  // namespace
}  // namespace latchkey::validator
