#include "sandbox/carrier/twilio/rest_error.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox::twilio {
namespace {

class RestErrorTest : public ::testing::Test {
 protected:
  RestErrorTest() {
    account_.numbers = {"+14155550100"};
    account_.allowed_codes = {"+1"};
  }

  RestError Check(std::string to, std::string from, std::string twiml = "<Response/>") {
    const http::Form form = {
        {"To", std::move(to)}, {"From", std::move(from)}, {"Twiml", std::move(twiml)}};
    return CheckOrder(account_, form, order_);
  }

  TwilioAccount account_;
  CallOrder order_;
};

TEST_F(RestErrorTest, AGoodOrderIsFilled) {
  const http::Form form = {{"To", "+14155550142"},
                           {"From", "+14155550100"},
                           {"Url", "https://a.example/twiml"},
                           {"Twiml", "<ignored/>"},
                           {"StatusCallback", "https://a.example/cb"},
                           {"StatusCallbackEvent", "initiated"},
                           {"StatusCallbackEvent", "completed"},
                           {"Timeout", "25"},
                           {"TimeLimit", "600"}};

  EXPECT_EQ(CheckOrder(account_, form, order_).status, 0);
  EXPECT_EQ(order_.url, "https://a.example/twiml");
  EXPECT_EQ(order_.twiml, "");
  EXPECT_THAT(order_.status_events, ::testing::ElementsAre("completed", "initiated"));
  EXPECT_EQ(order_.ring_max, absl::Seconds(25));
  EXPECT_EQ(order_.length_max, absl::Minutes(10));
}

TEST_F(RestErrorTest, EventsInOneListNameNoEvent) {
  const http::Form form = {{"To", "+14155550142"},
                           {"From", "+14155550100"},
                           {"Twiml", "<Response/>"},
                           {"StatusCallback", "https://a.example/cb"},
                           {"StatusCallbackEvent", "initiated,completed"}};

  EXPECT_EQ(CheckOrder(account_, form, order_).status, 0);
  EXPECT_THAT(order_.status_events, ::testing::ElementsAre("completed"));
}

TEST_F(RestErrorTest, NumbersAreRefusedWithTwiliosCodes) {
  EXPECT_EQ(Check("", "+14155550100").code, 21201);
  EXPECT_EQ(Check("+14155550142", "").code, 21213);
  EXPECT_EQ(Check("5550142", "+14155550100").code, 21211);
  EXPECT_EQ(Check("+14155550100", "+14155550100").code, 21211);
  EXPECT_EQ(Check("+14155550142", "+14155550777").code, 21210);
  EXPECT_EQ(Check("+14155550142", "415").code, 21212);
  EXPECT_EQ(Check("+14155550142", "+14155550100", "").code, 21205);
}

TEST_F(RestErrorTest, ACountryThatIsOffIs21215WithStatus400AndTheLink) {
  const RestError error = Check("+919812345678", "+14155550100");

  EXPECT_EQ(error.code, 21215);
  EXPECT_EQ(error.status, 400);
  EXPECT_THAT(error.message, ::testing::HasSubstr("geo-permissions"));
}

TEST_F(RestErrorTest, ATrialAccountCallsVerifiedNumbersOnly) {
  account_.type = "Trial";
  account_.verified_numbers = {"+14155550142"};

  EXPECT_EQ(Check("+14155550142", "+14155550100").status, 0);
  EXPECT_EQ(Check("+14155550143", "+14155550100").code, 21219);
}

TEST_F(RestErrorTest, ASuspendedAccountCallsNobody) {
  account_.status = "suspended";

  EXPECT_EQ(Check("+14155550142", "+14155550100").code, 20005);
}

TEST_F(RestErrorTest, TheBodyNamesTheCode) {
  Fault fault;
  fault.status = 429;
  EXPECT_EQ(FaultAnswer(fault).body,
            R"({"code":20429,"message":"Too Many Requests",)"
            R"("more_info":"https://www.twilio.com/docs/errors/20429","status":429})");
}

TEST(FaultAnswerTest, A429SaysWhenToComeBackUnlessTheScenarioKeepsIt) {
  Fault fault;
  fault.status = 429;
  fault.retry_after = 7;
  EXPECT_EQ(FaultAnswer(fault).headers.Get("retry-after"), "7");
  EXPECT_EQ(FaultAnswer(fault).headers.Get("twilio-concurrent-requests"), "100");

  fault.retry_after = 0;
  EXPECT_EQ(FaultAnswer(fault).headers.Get("retry-after"), "");
  EXPECT_THAT(FaultAnswer(fault).body, ::testing::HasSubstr("20429"));
}

TEST(FaultAnswerTest, ACodeComesWithTwiliosSentence) {
  Fault fault;
  fault.status = 400;
  fault.code = "21214";

  const http::Response answer = FaultAnswer(fault);

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, ::testing::HasSubstr("\"code\":21214"));
  EXPECT_THAT(answer.body, ::testing::HasSubstr("cannot be reached"));
}

}  // namespace
}  // namespace latchkey::sandbox::twilio
