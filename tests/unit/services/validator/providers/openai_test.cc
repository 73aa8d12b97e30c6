#include "services/validator/providers/openai.h"

#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "tests/unit/services/validator/providers/judged.h"

namespace latchkey::validator {
namespace {

constexpr char kModel[] = "gpt-realtime-2.1";

std::string ErrorBody(const std::string& type, const std::string& code,
                      const std::string& message = "x") {
  const std::string its_code = code.empty() ? "null" : "\"" + code + "\"";
  return R"({"error":{"message":")" + message + R"(","type":")" + type +
         R"(","param":null,"code":)" + its_code + "}}";
}

absl::StatusOr<Verdict> Model(int status, const std::string& body) {
  return JudgeOpenaiModel(Answer(status, body), kModel);
}

std::string ErrorEvent(const std::string& type, const std::string& code) {
  const std::string body = ErrorBody(type, code);
  return R"({"type":"error","event_id":"e",)" + body.substr(1);
}

std::string Failed(const std::string& type, const std::string& code) {
  return R"({"type":"response.done","response":{"status":"failed","status_details":)"
         R"({"type":"failed",)" +
         ErrorBody(type, code).substr(1) + "}}";
}

absl::StatusOr<Verdict> Event(const std::string& event) {
  return JudgeOpenaiEvent(event, kModel).value();
}

absl::Status Closed(const std::string& code, const std::string& reason) {
  return Error(absl::StatusCode::kUnavailable, "closed", "x",
               {{"close_code", code}, {"close_reason", reason}});
}

TEST(JudgeOpenaiModelTest, AModelThatIsListedMayBeTried) {
  EXPECT_THAT(Model(200, R"({"id":"gpt-realtime-2.1","object":"model"})"), IsValid());
}

TEST(JudgeOpenaiModelTest, EachRefusalHasItsReason) {
  EXPECT_THAT(Model(401, ErrorBody("invalid_request_error", "invalid_api_key")),
              IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(Model(401, ErrorBody("invalid_request_error", "",
                                   "You have insufficient permissions. Missing scopes: x")),
              IsRejected(Rejection::kInsufficientScope));
  EXPECT_THAT(Model(403, ErrorBody("invalid_request_error", "insufficient_scope")),
              IsRejected(Rejection::kInsufficientScope));
  EXPECT_THAT(Model(403, ErrorBody("invalid_request_error", "model_not_found")),
              IsRejected(Rejection::kModelNotFound));
  EXPECT_THAT(Model(404, ErrorBody("invalid_request_error", "model_not_found")),
              IsRejected(Rejection::kModelNotFound));
  for (const char* code :
       {"insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded", "organization_usage_limit_exceeded"}) {
    EXPECT_THAT(Model(429, ErrorBody("insufficient_quota", code)),
                IsRejected(Rejection::kNoCredit));
  }
}

TEST(JudgeOpenaiModelTest, WhatIsNotAboutTheKeyIsNoVerdict) {
  EXPECT_THAT(Model(429, ErrorBody("requests", "rate_limit_exceeded")), IsRateLimited());
  EXPECT_THAT(Model(429, ErrorBody("requests", "slow_down")), IsRateLimited());
  EXPECT_THAT(Model(500, ErrorBody("server_error", "server_error")), IsUnreachable());
  EXPECT_THAT(Model(503, ""), IsUnreachable());
  EXPECT_THAT(Model(403, ErrorBody("request_forbidden", "unsupported_country_region_territory",
                                   "Country, region, or territory not supported")),
              IsUnreachable());
  EXPECT_THAT(Model(404, "<html>"), IsUnreachable());
}

TEST(JudgeOpenaiModelTest, WhenToComeBackIsPassedOn) {
  const auto busy = JudgeOpenaiModel(
      Answer(429, ErrorBody("requests", "rate_limit_exceeded"), {{"retry-after", "7"}}), kModel);

  EXPECT_EQ(Metadata(busy.status())["retry_after_seconds"], "7");
}

TEST(JudgeOpenaiEventTest, OnlyAnAnswerProvesAKey) {
  EXPECT_FALSE(JudgeOpenaiEvent(R"({"type":"session.created"})", kModel).has_value());
  EXPECT_FALSE(JudgeOpenaiEvent(R"({"type":"of the future"})", kModel).has_value());
  EXPECT_FALSE(JudgeOpenaiEvent("no json", kModel).has_value());

  EXPECT_THAT(Event(R"({"type":"response.done","response":{"status":"completed"}})"), IsValid());
  EXPECT_THAT(Event(R"({"type":"response.done","response":{"status":"incomplete"}})"), IsValid());
}

TEST(JudgeOpenaiEventTest, ErrorsAndFailedResponsesSayTheSame) {
  for (auto say : {ErrorEvent, Failed}) {
    EXPECT_THAT(Event(say("invalid_request_error", "invalid_api_key")),
                IsRejected(Rejection::kInvalidKey));
    EXPECT_THAT(Event(say("invalid_request_error", "model_not_found")),
                IsRejected(Rejection::kModelNotFound));
    EXPECT_THAT(Event(say("insufficient_quota", "insufficient_quota")),
                IsRejected(Rejection::kNoCredit));
    EXPECT_THAT(Event(say("invalid_request_error", "account_deactivated")),
                IsRejected(Rejection::kAccountSuspended));
    EXPECT_THAT(Event(say("rate_limit_exceeded", "rate_limit_exceeded")), IsRateLimited());
    EXPECT_THAT(Event(say("server_error", "server_error")), IsUnreachable());
  }
}

TEST(JudgeOpenaiEndTest, TheReasonOfACloseFrameDecidesNotItsNumber) {
  EXPECT_THAT(JudgeOpenaiEnd(Closed("3000", "invalid_request_error.invalid_api_key"), kModel),
              IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(JudgeOpenaiEnd(Closed("4999", "invalid_request_error.model_not_found"), kModel),
              IsRejected(Rejection::kModelNotFound));
  EXPECT_THAT(JudgeOpenaiEnd(Closed("1013", "insufficient_quota.insufficient_quota"), kModel),
              IsRejected(Rejection::kNoCredit));
  EXPECT_THAT(JudgeOpenaiEnd(Closed("1013", "try again later"), kModel), IsUnreachable());
  EXPECT_THAT(JudgeOpenaiEnd(Closed("1001", ""), kModel), IsUnreachable());
}

TEST(JudgeOpenaiEndTest, ARefusedUpgradeIsReadAsAnAnswer) {
  const auto refused = [](const char* status, const std::string& body) {
    return JudgeOpenaiEnd(Error(absl::StatusCode::kUnavailable, "upgrade_refused", "x",
                                {{"http_status", status}, {"http_body", body}}),
                          kModel);
  };

  EXPECT_THAT(refused("401", ErrorBody("invalid_request_error", "invalid_api_key")),
              IsRejected(Rejection::kInvalidKey));
  EXPECT_THAT(refused("403", ErrorBody("invalid_request_error", "model_not_found")),
              IsRejected(Rejection::kModelNotFound));
  EXPECT_THAT(refused("200", "{}"), IsUnreachable());
  EXPECT_THAT(refused("503", ""), IsUnreachable());
}

}  // namespace
}  // namespace latchkey::validator
