#include "sandbox/carrier/exotel/callback_body.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "sandbox/carrier/exotel/call_filter.h"

namespace latchkey::sandbox::exotel {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kStart = absl::FromUnixSeconds(1'795'316'400);  // 08:30:00 in India

std::unique_ptr<ExotelCall> EndedCall(bool as_json, std::set<std::string> events) {
  ExotelOrder order;
  order.customer = "+919812345678";
  order.exophone = "+918047491899";
  order.custom_field = "att-77";
  order.callback_json = as_json;
  order.events = std::move(events);
  auto call = std::make_unique<ExotelCall>("b6f0", "acme1", std::move(order), kStart);
  call->Become(CallStatus::kInProgress, kStart);
  call->Become(CallStatus::kCompleted, kStart + absl::Seconds(95));
  return call;
}

TEST(CallbackBodyTest, JsonHasNumbersUnlessTheScenarioWantsTexts) {
  const auto call = EndedCall(true, {"terminal"});
  ExotelQuirks quirks;

  const CallbackBody body = MakeCallbackBody(*call, "terminal", quirks, kStart);
  const json::value told = json::parse(body.text);
  EXPECT_EQ(body.content_type, "application/json");
  EXPECT_EQ(told.at("EventType"), "terminal");
  EXPECT_EQ(told.at("ConversationDuration"), 95);
  EXPECT_EQ(told.at("From"), "09812345678");
  EXPECT_EQ(told.at("StartTime"), "2026-11-22 08:30:00");
  EXPECT_EQ(told.at("Legs").at(0).at("AnsweredBy"), "Human");

  quirks.callback_numbers_as_text = true;
  quirks.answered_by = "HUMAN";
  const json::value texts = json::parse(MakeCallbackBody(*call, "terminal", quirks, kStart).text);
  EXPECT_EQ(texts.at("ConversationDuration"), "95");
  EXPECT_EQ(texts.at("Legs").at(0).at("AnsweredBy"), "HUMAN");
}

TEST(CallbackBodyTest, MultipartIsTheDefaultAndFlattensLists) {
  const auto call = EndedCall(false, {"terminal"});

  const CallbackBody body = MakeCallbackBody(*call, "terminal", {}, kStart);
  EXPECT_THAT(body.content_type, HasSubstr("multipart/form-data; boundary="));
  EXPECT_THAT(body.text, HasSubstr("name=\"Legs[0][Status]\"\r\n\r\ncompleted\r\n"));
  EXPECT_THAT(body.text, HasSubstr("name=\"ConversationDuration\"\r\n\r\n95\r\n"));
}

TEST(CallbackBodyTest, WithoutEventsThereAreTheOldFieldsOnly) {
  const auto call = EndedCall(false, {});

  const CallbackBody body = MakeCallbackBody(*call, "terminal", {}, kStart);
  EXPECT_THAT(body.text, HasSubstr("CallSid"));
  EXPECT_THAT(body.text, Not(HasSubstr("CustomField")));
}

TEST(CallbackBodyTest, WhatACallCostIsKnownLater) {
  const auto call = EndedCall(true, {});
  const absl::Time end = kStart + absl::Seconds(95);

  EXPECT_TRUE(ToJson(*call, {}, end).at("Duration").is_null());
  EXPECT_EQ(ToJson(*call, {}, end).at("Status"), "completed");
  const json::object settled = ToJson(*call, {}, end + absl::Minutes(2));
  EXPECT_EQ(settled.at("Duration"), 95);
  EXPECT_EQ(settled.at("Price"), "1.20");
  EXPECT_EQ(DetailsJson(*call, {}, end + absl::Minutes(2)).at("ConversationDuration"), 95);
}

TEST(ExotelCallFilterTest, FindsACallByItsNumberAndItsTime) {
  const auto call = EndedCall(true, {});

  EXPECT_TRUE(CallFilter({{"From", "09812345678,+911111111111"}}).Fits(*call));
  EXPECT_TRUE(
      CallFilter({{"DateCreated", "gte:2026-11-22 08:00:00;lte:2026-11-22 09:00:00"}}).Fits(*call));
  EXPECT_FALSE(CallFilter({{"DateCreated", "gte:2026-11-22 08:30:01"}}).Fits(*call));
  EXPECT_FALSE(CallFilter({{"Sid", "other"}}).Fits(*call));
}

}  // namespace
}  // namespace latchkey::sandbox::exotel
