#include "services/media/providers/provider_failure.h"

#include <gtest/gtest.h>

#include "lib/base/error.h"

namespace latchkey::media {
namespace {

std::string ReasonOf(const absl::Status& why) {
  return Reason(ProviderFailure(Party::kSpeechToText, why));
}

absl::Status Closed(const std::string& code) {
  return Error(absl::StatusCode::kUnavailable, "closed", "", {{"close_code", code}});
}

absl::Status RefusedWith(const std::string& status) {
  return Error(absl::StatusCode::kUnavailable, "upgrade_refused", "", {{"http_status", status}});
}

TEST(ProviderFailureTest, ARefusedUpgradeIsWhatItsStatusSays) {
  EXPECT_EQ(ReasonOf(RefusedWith("401")), "deepgram_rejected_key");
  EXPECT_EQ(ReasonOf(RefusedWith("402")), "deepgram_no_credit");
  EXPECT_EQ(ReasonOf(RefusedWith("429")), "deepgram_rate_limited");
  EXPECT_EQ(ReasonOf(RefusedWith("503")), "deepgram_overloaded");
}

TEST(ProviderFailureTest, ABodyThatTellsOfNoCreditCountsMoreThanItsStatus) {
  const absl::Status why =
      Error(absl::StatusCode::kUnavailable, "upgrade_refused", "",
            {{"http_status", "403"}, {"http_body", R"({"error_code":"quota_exceeded"})"}});

  EXPECT_EQ(ReasonOf(why), "deepgram_no_credit");
}

TEST(ProviderFailureTest, ACloseFrameTellsWhoseMistakeItWas) {
  EXPECT_EQ(ReasonOf(Closed("1008")), "deepgram_refused_request");
  EXPECT_EQ(ReasonOf(Closed("1011")), "deepgram_overloaded");
  EXPECT_EQ(ReasonOf(Closed("1000")), "deepgram_dropped");
  EXPECT_EQ(ReasonOf(Closed("no number")), "deepgram_dropped");
}

TEST(ProviderFailureTest, WithoutAnAnswerItIsTooSlowOrGone) {
  EXPECT_EQ(ReasonOf(Error(absl::StatusCode::kDeadlineExceeded, "deadline_exceeded", "")),
            "deepgram_too_slow");
  EXPECT_EQ(ReasonOf(Error(absl::StatusCode::kUnavailable, "unreachable", "")), "deepgram_dropped");
}

}  // namespace
}  // namespace latchkey::media
