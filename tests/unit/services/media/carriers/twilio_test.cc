// Twilio's wire: the media stream's messages, and the REST API's forms and answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/media/carriers/twilio_numbers.h"
#include "services/media/carriers/twilio_rest.h"
#include "services/media/carriers/twilio_stream.h"
#include "services/media/carriers/twilio_twiml.h"
#include "services/media/domain/reasons.h"
#include "tests/support/status_matchers.h"

namespace latchkey::media {
namespace {

using Kind = TwilioMessage::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TwilioMessage Parse(std::string_view text) {
  static std::string scratch;
  return ParseTwilioMessage(text, scratch);
}

TEST(TwilioStreamTest, EveryMessageIsToldFromTheOthers) {
  EXPECT_EQ(Parse(R"({"event":"connected","protocol":"Call","version":"1.0.0"})").kind,
            Kind::kConnected);
  const TwilioMessage start = Parse(
      R"({"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"accountSid":"AC1",)"
      R"("streamSid":"MZ1","callSid":"CA1","tracks":["inbound"]}})");
  EXPECT_EQ(start.kind, Kind::kStart);
  EXPECT_EQ(start.stream_sid, "MZ1");
  EXPECT_EQ(start.call_sid, "CA1");
  const TwilioMessage media =
      Parse(R"({"event":"media","sequenceNumber":"2","streamSid":"MZ1","media":{"track":"inbound",)"
            R"("chunk":"1","timestamp":"20","payload":"//79"}})");
  EXPECT_EQ(media.kind, Kind::kMedia);
  EXPECT_EQ(media.timestamp_ms, 20);
  EXPECT_EQ(media.payload, "//79");
  const TwilioMessage mark = Parse(R"({"event":"mark","streamSid":"MZ1","mark":{"name":"7"}})");
  EXPECT_EQ(mark.kind, Kind::kMark);
  EXPECT_EQ(mark.mark, 7);
  EXPECT_EQ(Parse(R"({"event":"stop","stop":{"callSid":"CA1"}})").kind, Kind::kStop);
  EXPECT_EQ(Parse(R"({"event":"dtmf","dtmf":{"digit":"5"}})").kind, Kind::kKey);
  EXPECT_EQ(Parse(R"({"event":"other"})").kind, Kind::kOther);
}

TEST(TwilioStreamTest, AKeyOfTheCalleesIsRead) {
  std::string scratch;
  const TwilioMessage key =
      ParseTwilioMessage(R"({"event":"dtmf","sequenceNumber":"9","streamSid":"MZ1",)"
                         R"("dtmf":{"track":"inbound_track","digit":"#"}})",
                         scratch);
  EXPECT_EQ(key.kind, TwilioMessage::Kind::kKey);
  EXPECT_EQ(key.key, '#');

  const TwilioMessage broken =
      ParseTwilioMessage(R"({"event":"dtmf","dtmf":{"digit":"12"}})", scratch);
  EXPECT_EQ(broken.kind, TwilioMessage::Kind::kMalformed);
}

TEST(TwilioTwimlTest, TheStreamComesFirstAndTheApologyOnlyWhenItFails) {
  EXPECT_EQ(ComposeTwilioConnect("wss://media.example/m/m1/a&b", "Sorry."),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Response><Connect><Stream url=\"wss://media.example/m/m1/a&amp;b\"/></Connect>"
            "<Say>Sorry.</Say><Hangup/></Response>");
}

TEST(TwilioTwimlTest, ARefusedCallerHearsASentence) {
  EXPECT_EQ(ComposeTwilioSentence("We are <busy>."),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<Response><Say>We are &lt;busy&gt;.</Say><Hangup/></Response>");
  EXPECT_THAT(ComposeTwilioHangup(), HasSubstr("<Response><Hangup/></Response>"));
}

TEST(TwilioNumbersTest, ANumberIsToldWhereItsCallsGo) {
  const http::Form form = ComposeTwilioNumber({"https://h/in", "https://h/in/status"});

  EXPECT_EQ(form.Get("VoiceUrl"), "https://h/in");
  EXPECT_EQ(form.Get("VoiceMethod"), "POST");
  EXPECT_EQ(form.Get("VoiceFallbackUrl"), "https://h/in");
  EXPECT_EQ(form.Get("StatusCallback"), "https://h/in/status");
}

TEST(TwilioNumbersTest, ANumberIsFoundInTheAccountsList) {
  const std::string_view list =
      R"({"incoming_phone_numbers":[{"sid":"PN1","phone_number":"+15550100"},7,)"
      R"({"sid":"PN2","phone_number":"+15550101"}]})";

  EXPECT_EQ(FindTwilioNumber(list, "+15550101").value(), "PN2");
  EXPECT_EQ(FindTwilioNumber(list, "+1555010").value(), "");
  EXPECT_EQ(FindTwilioNumber("{}", "+15550101").value(), "");
  EXPECT_THAT(FindTwilioNumber("<html>", "+15550101"),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kCarrierUnreachable));
}

TEST(TwilioStreamTest, NonsenseIsMalformed) {
  for (const std::string_view text :
       {"", "{}", "null", R"({"event":7})", R"({"event":"media"})",
        R"({"event":"media","media":1})",
        R"({"event":"media","media":{"timestamp":"x","payload":"AAAA"}})",
        R"({"event":"media","media":{"timestamp":"-5","payload":"AAAA"}})",
        R"({"event":"start","start":{}})"}) {
    EXPECT_EQ(Parse(text).kind, Kind::kMalformed) << text;
  }
}

TEST(TwilioStreamTest, MessagesAreComposedAsTwilioWantsThem) {
  std::string out;
  const uint8_t audio[] = {0xFF, 0xFE, 0xFD};

  ComposeTwilioMedia("MZ1", audio, out);
  EXPECT_EQ(out, R"({"event":"media","streamSid":"MZ1","media":{"payload":"//79"}})");
  ComposeTwilioMark("MZ1", 12, out);
  EXPECT_EQ(out, R"({"event":"mark","streamSid":"MZ1","mark":{"name":"12"}})");
  ComposeTwilioClear("MZ1", out);
  EXPECT_EQ(out, R"({"event":"clear","streamSid":"MZ1"})");
}

TEST(TwilioRestTest, ACallIsPlacedWithAStreamAndAllFourCallbacks) {
  CallSpec spec;
  spec.from = "+15550100";
  spec.to = "+14155550100";

  const http::Form form = ComposeTwilioCall(
      spec, {.stream_url = "wss://h/m/m1/t", .status_url = "https://h/carrier/twilio/c/status"});

  EXPECT_EQ(form.Get("Twiml"),
            "<Response><Connect><Stream url=\"wss://h/m/m1/t\"/></Connect></Response>");
  EXPECT_THAT(form.GetAll("StatusCallbackEvent"),
              ElementsAre("initiated", "ringing", "answered", "completed"));
  EXPECT_EQ(form.Get("Timeout"), "30");
  EXPECT_EQ(form.Get("TimeLimit"), "1860");
}

TEST(TwilioRestTest, WhatTheCarrierSaysIsEscaped) {
  EXPECT_EQ(ComposeTwilioSay("a<b & c").Get("Twiml"),
            "<Response><Say>a&lt;b &amp; c</Say><Hangup/></Response>");
}

TEST(TwilioRestTest, ATransferDialsFromTheAccountsNumberForALimitedTime) {
  const TransferOrder order{
      .to = "+14155550199", .from = "+14155550100", .duration_max = absl::Minutes(20)};

  EXPECT_EQ(ComposeTwilioDial(order, "https://h/m/m1/c/dialed").Get("Twiml"),
            "<Response><Dial action=\"https://h/m/m1/c/dialed\" callerId=\"+14155550100\" "
            "timeout=\"30\" timeLimit=\"1200\"><Number>+14155550199</Number></Dial></Response>");
}

TEST(TwilioRestTest, WhatBecameOfATransferIsRead) {
  const auto dialed = [](std::string_view dial, std::string_view call) {
    return ParseTwilioDialed(
        {{"DialCallStatus", std::string(dial)}, {"CallStatus", std::string(call)}});
  };

  EXPECT_THAT(dialed("completed", "in-progress"), IsOkAndHolds(TransferResult::kConnected));
  EXPECT_THAT(dialed("completed", "completed"), IsOkAndHolds(TransferResult::kConnected));
  EXPECT_THAT(dialed("busy", "in-progress"), IsOkAndHolds(TransferResult::kBusy));
  EXPECT_THAT(dialed("no-answer", "in-progress"), IsOkAndHolds(TransferResult::kNoAnswer));
  EXPECT_THAT(dialed("failed", "in-progress"), IsOkAndHolds(TransferResult::kFailed));
  EXPECT_THAT(dialed("no-answer", "completed"), IsOkAndHolds(TransferResult::kHungUp));
  EXPECT_THAT(dialed("canceled", "in-progress"), IsOkAndHolds(TransferResult::kHungUp));
  EXPECT_THAT(dialed("", "completed"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(dialed("sleeping", "in-progress"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TwilioRestTest, ADisabledCountryIsNamedWithTheLink) {
  const absl::Status refusal = ClassifyTwilioRefusal(
      400, R"({"code":21215,"message":"Account not authorized","status":400})", "+919812345678");

  EXPECT_THAT(refusal, StatusIs(absl::StatusCode::kFailedPrecondition, "country_not_enabled"));
  EXPECT_THAT(Message(refusal), HasSubstr("+9198"));
  EXPECT_THAT(Message(refusal), HasSubstr("geo-permissions"));
}

TEST(TwilioRestTest, RefusalsAreToldFromFaults) {
  const auto reason = [](int status, std::string_view body) {
    return Reason(ClassifyTwilioRefusal(status, body, "+14155550100"));
  };
  EXPECT_EQ(reason(400, R"({"code":21210})"), reasons::kCallerNumberRefused);
  EXPECT_EQ(reason(400, R"({"code":21219})"), reasons::kTrialRestriction);
  EXPECT_EQ(reason(401, R"({"code":20003})"), "twilio_rejected_key");
  EXPECT_EQ(reason(400, R"({"code":99999})"), reasons::kCarrierRefused);
  EXPECT_THAT(ClassifyTwilioRefusal(503, "<html>", ""), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(TwilioRestTest, ACallsStateAndDurationAreRead) {
  const absl::StatusOr<CarrierCall> call =
      ParseTwilioCall(R"({"sid":"CA1","status":"completed","duration":"42","price":null})");

  ASSERT_THAT(call, IsOk());
  EXPECT_TRUE(call->over());
  EXPECT_EQ(call->duration, absl::Seconds(42));
  EXPECT_THAT(ParseTwilioCall("<html>"), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(TwilioRestTest, OnlyAYoungCallOfTheListIsOurs) {
  const std::string_view list =
      R"({"calls":[{"sid":"CAold","date_created":"Sat, 01 Aug 2026 09:30:00 +0000"},)"
      R"({"sid":"CAnew","date_created":"Sun, 02 Aug 2026 09:30:00 +0000"}]})";
  const absl::Time noon = absl::FromCivil(absl::CivilHour(2026, 8, 1, 12), absl::UTCTimeZone());

  EXPECT_THAT(FindTwilioCall(list, noon), IsOkAndHolds("CAnew"));
  EXPECT_THAT(FindTwilioCall(list, noon + absl::Hours(48)), IsOkAndHolds(""));
}

TEST(TwilioRestTest, ACallThatIsOverNeedsNoHangUp) {
  EXPECT_TRUE(IsTwilioCallOver(400, R"({"code":21220})"));
  EXPECT_FALSE(IsTwilioCallOver(404, R"({"code":20404})"));
}

}  // namespace
}  // namespace latchkey::media
