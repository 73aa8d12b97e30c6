#include "sandbox/providers/cartesia_refusal.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

TEST(CartesiaRefusalTest, AnErrorEndsItsContextOrConcernsTheMessage) {
  const json::value of_context =
      json::parse(CartesiaErrorMessage("c", CartesiaRefusalOf(429, ""), "2026-08-14"));
  const json::value of_message =
      json::parse(CartesiaErrorMessage("", CartesiaRefusal(400, "", "Bad"), "2026-08-14"));

  EXPECT_EQ(of_context.at("context_id"), "c");
  EXPECT_EQ(of_context.at("done"), true);
  EXPECT_EQ(of_context.at("error_code"), "concurrency_limited");
  EXPECT_FALSE(of_message.as_object().contains("context_id"));
  EXPECT_TRUE(of_message.at("error_code").is_null());
}

TEST(CartesiaRefusalTest, BeforeMarch2026ErrorsWerePlainText) {
  const json::value message =
      json::parse(CartesiaErrorMessage("c", CartesiaRefusal(400, "", "Bad"), "2025-04-16"));

  EXPECT_EQ(message.at("error"), "Bad");
  EXPECT_FALSE(message.as_object().contains("error_code"));
  EXPECT_EQ(CartesiaErrorBody(CartesiaRefusal(400, "", "Bad"), "2025-04-16"), "Error: Bad");
  EXPECT_EQ(
      json::parse(CartesiaErrorBody(CartesiaRefusalOf(402, ""), "2026-03-01")).at("error_code"),
      "quota_exceeded");
}

}  // namespace
}  // namespace latchkey::sandbox
