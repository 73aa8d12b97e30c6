#include "sandbox/carrier/twilio/call.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "sandbox/carrier/twilio/list_filter.h"

namespace latchkey::sandbox::twilio {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'795'316'400);  // 2026-11-22 03:00:00 UTC

Call MakeCall() {
  CallOrder order;
  order.to = "+14155550142";
  order.from = "+14155550100";
  return Call("CA1", "AC1", std::move(order), kStart);
}

TEST(CallTest, AnsweredTimeIsBilledInSecondsBegun) {
  Call call = MakeCall();
  call.Become(CallStatus::kInitiated, kStart);
  call.Become(CallStatus::kRinging, kStart);
  call.Become(CallStatus::kInProgress, kStart + absl::Seconds(5));
  call.Become(CallStatus::kCompleted, kStart + absl::Milliseconds(66'200));

  EXPECT_EQ(call.BilledSeconds(), 62);
  const boost::json::value shown = boost::json::parse(ToJson(call));
  EXPECT_EQ(shown.at("duration"), "62");
  EXPECT_EQ(shown.at("price"), "-0.02800");
  EXPECT_EQ(shown.at("status"), "completed");
  EXPECT_EQ(shown.at("date_created"), "Sun, 22 Nov 2026 03:00:00 +0000");
}

TEST(CallTest, ACallThatWasNotAnsweredCostsNothing) {
  Call call = MakeCall();
  call.Become(CallStatus::kRinging, kStart);
  call.Become(CallStatus::kBusy, kStart + absl::Seconds(9));

  EXPECT_EQ(call.BilledSeconds(), 0);
  EXPECT_TRUE(boost::json::parse(ToJson(call)).at("price").is_null());
}

TEST(CallTest, ACallThatHasEndedStaysSo) {
  Call call = MakeCall();
  call.Become(CallStatus::kNoAnswer, kStart);
  call.Become(CallStatus::kCompleted, kStart + absl::Seconds(1));

  EXPECT_EQ(call.status, CallStatus::kNoAnswer);
  EXPECT_EQ(call.ended, kStart);
}

TEST(CallTest, TheResourceNeverSaysInitiated) {
  Call call = MakeCall();
  call.Become(CallStatus::kInitiated, kStart);

  EXPECT_EQ(boost::json::parse(ToJson(call)).at("status"), "queued");
  EXPECT_EQ(CallbackForm(call, kStart).Get("CallStatus"), "initiated");
}

TEST(CallTest, OnlyTheLastCallbackTellsDurationsSecondsAndMinutesApart) {
  Call call = MakeCall();
  call.Become(CallStatus::kInProgress, kStart);
  EXPECT_FALSE(CallbackForm(call, kStart).Has("CallDuration"));

  call.sip_code = 200;
  call.Become(CallStatus::kCompleted, kStart + absl::Seconds(61));
  const http::Form form = CallbackForm(call, kStart);
  EXPECT_EQ(form.Get("CallDuration"), "61");
  EXPECT_EQ(form.Get("Duration"), "2");
  EXPECT_EQ(form.Get("SipResponseCode"), "200");
}

TEST(CallTest, AListCanBeFilteredForAReconciliation) {
  Call call = MakeCall();
  call.Become(CallStatus::kInitiated, kStart);

  EXPECT_TRUE(CallFilter({{"To", "+14155550142"}, {"StartTime>", "2026-11-22"}}).Fits(call));
  EXPECT_TRUE(CallFilter({{"StartTime>", "2026-11-22T03:00:00Z"}}).Fits(call));
  EXPECT_FALSE(CallFilter({{"StartTime>", "2026-11-22T03:00:01Z"}}).Fits(call));
  EXPECT_FALSE(CallFilter({{"To", "+14155550143"}}).Fits(call));
  EXPECT_FALSE(CallFilter({{"Status", "completed"}}).Fits(call));
}

}  // namespace
}  // namespace latchkey::sandbox::twilio
