#include "services/validator/providers/cartesia.h"

#include <gtest/gtest.h>

#include "tests/unit/services/validator/providers/judged.h"

namespace latchkey::validator {
namespace {

std::string ErrorBody(const std::string& code) {
  return R"({"error_code":")" + code + R"(","title":"x","message":"x","request_id":"r"})";
}

TEST(JudgeCartesiaTest, AudioMeansThatTheKeyWorks) {
  EXPECT_THAT(JudgeCartesia(Answer(200, std::string(800, '\xff'))), IsValid());
}

TEST(JudgeCartesiaTest, EachRefusalHasItsReason) {
  EXPECT_THAT(JudgeCartesia(Answer(401, "")), IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(JudgeCartesia(Answer(402, ErrorBody("quota_exceeded"))),
              IsRejected(Rejection::kNoCredit));
  EXPECT_THAT(JudgeCartesia(Answer(403, ErrorBody("plan_upgrade_required"))),
              IsRejected(Rejection::kInsufficientScope));
  EXPECT_THAT(JudgeCartesia(Answer(404, ErrorBody("model_not_found"))),
              IsRejected(Rejection::kModelNotFound));
}

TEST(JudgeCartesiaTest, NoCreditIsKnownByItsCodeWhateverTheStatus) {
  EXPECT_THAT(JudgeCartesia(Answer(403, R"({"error":)" + ErrorBody("quota_exceeded") + "}")),
              IsRejected(Rejection::kNoCredit));
}

TEST(JudgeCartesiaTest, BeingBusyIsNoVerdict) {
  EXPECT_THAT(JudgeCartesia(Answer(429, ErrorBody("concurrency_limited"))), IsRateLimited());
  EXPECT_THAT(JudgeCartesia(Answer(503, "")), IsUnreachable());
}

TEST(JudgeCartesiaTest, AMistakeOfOursIsNoVerdict) {
  EXPECT_THAT(JudgeCartesia(Answer(404, ErrorBody("voice_not_found"))), IsUnreachable());
  EXPECT_THAT(JudgeCartesia(Answer(400, "Bad request: no version")), IsUnreachable());
}

}  // namespace
}  // namespace latchkey::validator
