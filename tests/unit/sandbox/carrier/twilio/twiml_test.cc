#include "sandbox/carrier/twilio/twiml.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace latchkey::sandbox::twilio {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(TwimlTest, ReadsAStreamWithItsParameters) {
  const absl::StatusOr<std::vector<Verb>> verbs = ParseTwiml(
      R"(<?xml version="1.0" encoding="UTF-8"?><Response><!-- hello --><Connect>
         <Stream url="wss://media.example/m/1" name="s"><Parameter name="a" value="1 &amp; 2"/>
         <Parameter name="b" value="3"/></Stream></Connect><Hangup/></Response>)");

  ASSERT_THAT(verbs, IsOk());
  ASSERT_EQ(verbs->size(), 2u);
  EXPECT_EQ(verbs->at(0).kind, Verb::Kind::kConnectStream);
  EXPECT_EQ(verbs->at(0).url, "wss://media.example/m/1");
  EXPECT_THAT(verbs->at(0).parameters, ElementsAre(Pair("a", "1 & 2"), Pair("b", "3")));
  EXPECT_EQ(verbs->at(1).kind, Verb::Kind::kHangup);
}

TEST(TwimlTest, ReadsTheOtherVerbsInTheirOrder) {
  const absl::StatusOr<std::vector<Verb>> verbs = ParseTwiml(
      "<Response><Say voice=\"alice\">Hello there.</Say><Pause length=\"3\"/>"
      "<Redirect>https://a.example/next</Redirect><Reject reason=\"busy\"/></Response>");

  ASSERT_THAT(verbs, IsOk());
  ASSERT_EQ(verbs->size(), 4u);
  EXPECT_EQ(verbs->at(0).text, "Hello there.");
  EXPECT_EQ(verbs->at(1).length, absl::Seconds(3));
  EXPECT_EQ(verbs->at(2).url, "https://a.example/next");
  EXPECT_EQ(verbs->at(3).text, "busy");
}

TEST(TwimlTest, ReadsADial) {
  const absl::StatusOr<std::vector<Verb>> verbs =
      ParseTwiml(R"(<Response><Dial callerId="+14155550100" timeout="20" timeLimit="600">)"
                 R"(<Number>+14155550199</Number></Dial><Dial>+14155550198</Dial></Response>)");

  ASSERT_THAT(verbs, IsOk());
  EXPECT_EQ(verbs->at(0).kind, Verb::Kind::kDial);
  EXPECT_EQ(verbs->at(0).text, "+14155550199");
  EXPECT_EQ(verbs->at(0).caller_id, "+14155550100");
  EXPECT_EQ(verbs->at(0).ring, absl::Seconds(20));
  EXPECT_EQ(verbs->at(0).length, absl::Minutes(10));
  EXPECT_EQ(verbs->at(1).text, "+14155550198");
}

TEST(TwimlTest, RefusesWhatTwilioRefuses) {
  const auto kInvalid = absl::StatusCode::kInvalidArgument;

  EXPECT_THAT(ParseTwiml("<Response><Say>no end"), StatusIs(kInvalid, "twiml_12100"));
  EXPECT_THAT(ParseTwiml("<response/>"), StatusIs(kInvalid, "twiml_12100"));
  EXPECT_THAT(ParseTwiml("<Response><say>hi</say></Response>"), StatusIs(kInvalid, "twiml_12200"));
  EXPECT_THAT(ParseTwiml("<Response><Connect><Stream url='ws://a/b'/></Connect></Response>"),
              StatusIs(kInvalid, "twiml_31920"));
  EXPECT_THAT(ParseTwiml("<Response><Connect><Stream url='wss://a/b?t=1'/></Connect></Response>"),
              StatusIs(kInvalid, "twiml_31920"));
}

}  // namespace
}  // namespace latchkey::sandbox::twilio
