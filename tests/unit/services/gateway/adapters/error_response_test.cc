#include "services/gateway/adapters/error_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "lib/base/error.h"

namespace latchkey::gateway {
namespace {

boost::json::value ErrorOf(const ErrorResponse& response) {
  return boost::json::parse(response.body).at("error");
}

TEST(ErrorResponseTest, AnswersARejectedKeyAsTheApiPromises) {
  const absl::Status status =
      Error(absl::StatusCode::kInvalidArgument, "byok_key_invalid", "Deepgram rejected the key.",
            {{"reason", "invalid_key"}, {"provider", "deepgram"}});

  const ErrorResponse response = MakeErrorResponse(status);

  EXPECT_EQ(response.http_status, 422);
  EXPECT_EQ(ErrorOf(response).at("code").as_string(), "byok_key_invalid");
  EXPECT_EQ(ErrorOf(response).at("reason").as_string(), "invalid_key");
  EXPECT_EQ(ErrorOf(response).at("message").as_string(), "Deepgram rejected the key.");
  EXPECT_EQ(ErrorOf(response).at("details").at("provider").as_string(), "deepgram");
}

TEST(ErrorResponseTest, NeverConfusesAProviderOutOfReachWithABadKey) {
  const ErrorResponse response =
      MakeErrorResponse(Error(absl::StatusCode::kUnavailable, "provider_unreachable",
                              "Deepgram did not answer.", {{"retry_after_seconds", "7"}}));

  EXPECT_EQ(response.http_status, 503);
  EXPECT_EQ(response.retry_after_s, "7");
  EXPECT_EQ(ErrorOf(response).at("reason").as_string(), "provider_unreachable");
}

TEST(ErrorResponseTest, TellsNothingOfAnErrorThatIsNotMeantForTenants) {
  const ErrorResponse response =
      MakeErrorResponse(absl::InternalError("relation keys does not exist"));

  EXPECT_EQ(response.http_status, 500);
  EXPECT_EQ(response.body.find("relation"), std::string::npos);
  EXPECT_EQ(ErrorOf(response).at("code").as_string(), "internal");
}

}  // namespace
}  // namespace latchkey::gateway
