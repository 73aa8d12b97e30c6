#include "sandbox/carrier/exotel/order_check.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox::exotel {
namespace {

class OrderCheckTest : public ::testing::Test {
 protected:
  OrderCheckTest() {
    account_.sid = "acme1";
    account_.numbers = {"+918047491899"};
    account_.dnd_numbers = {"+919812345670"};
    account_.flows = {
        {.app_id = "926", .passthru = "", .passthru_after = "", .voicebot = "wss://a"}};
  }

  // A good order with one of its parameters replaced; empty is left out.
  RestException Check(const std::string& name = "", const std::string& value = "") {
    std::map<std::string, std::string> fields = {
        {"From", "09812345678"},
        {"CallerId", "08047491899"},
        {"StreamUrl", "wss://a.example/s?sample-rate=16000"},
        {"StreamType", "bidirectional"},
        {"CustomField", "att-77"},
        {"StatusCallbackContentType", "application/json"},
        {"TimeOut", "25"}};
    fields[name] = value;
    http::Form form;
    for (const auto& [key, text] : fields) {
      if (!text.empty()) form.Add(key, text);
    }
    form.Add("StatusCallbackEvents[]", "terminal");
    form.Add("StatusCallbackEvents[]", "answered");
    return CheckOrder(account_, form, order_);
  }

  ExotelAccount account_;
  ExotelOrder order_;
};

TEST_F(OrderCheckTest, AGoodOrderIsFilled) {
  ASSERT_EQ(Check().status, 0);

  EXPECT_EQ(order_.customer, "+919812345678");
  EXPECT_EQ(order_.exophone, "+918047491899");
  EXPECT_THAT(order_.events, ::testing::ElementsAre("answered", "terminal"));
  EXPECT_TRUE(order_.callback_json);
  EXPECT_EQ(order_.ring_max, absl::Seconds(25));
  EXPECT_EQ(order_.custom_field, "att-77");
}

TEST_F(OrderCheckTest, AFlowIsFoundByItsAddress) {
  const http::Form form = {{"From", "09812345678"},
                           {"CallerId", "08047491899"},
                           {"Url", "http://my.exotel.com/acme1/exoml/start_voice/926"}};

  ASSERT_EQ(CheckOrder(account_, form, order_).status, 0);
  EXPECT_EQ(order_.flow->voicebot, "wss://a");
  EXPECT_EQ(Check("Url", "http://my.exotel.com/acme1/exoml/start_voice/926").status, 400);
}

TEST_F(OrderCheckTest, WhatIsWrongIsRefusedWithItsCode) {
  EXPECT_EQ(Check("From", "12").code, 34001);
  EXPECT_EQ(Check("From", "08047491899").code, 34001);  // The ExoPhone would call itself.
  EXPECT_EQ(Check("CallerId", "08047490000").code, 34001);
  EXPECT_EQ(Check("StreamUrl", "https://a.example").code, 34001);
  EXPECT_EQ(Check("StreamUrl", "wss://a.example?sample-rate=44100").code, 34001);
  EXPECT_EQ(Check("StreamType", "").code, 34001);
  EXPECT_EQ(Check("To", "09812345679").code, 34001);
  EXPECT_EQ(Check("TimeLimit", "14401").code, 34001);
  EXPECT_EQ(Check("CustomField", std::string(129, 'x')).code, 34001);
}

TEST_F(OrderCheckTest, RegistersAndAccountsForbidCalls) {
  const RestException listed = Check("From", "09812345670");
  EXPECT_EQ(listed.status, 403);
  EXPECT_THAT(listed.message, ::testing::HasSubstr("NDNC"));

  account_.streams = false;
  EXPECT_EQ(Check().status, 403);
  account_.balance = "0.00";
  EXPECT_EQ(Check().status, 402);
  account_.kyc = false;
  EXPECT_THAT(Check().message, ::testing::HasSubstr("KYC"));
}

}  // namespace
}  // namespace latchkey::sandbox::exotel
