// What Twilio does on its odd and on its bad days.
#include "tests/integration/sandbox/twilio_fixture.h"

namespace latchkey::sandbox {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using TwilioQuirksTest = TwilioFixture;

TEST_F(TwilioQuirksTest, TheAccountResourceEchoesTheAuthToken) {
  const std::string path = std::string(kAccount) + ".json";

  EXPECT_EQ(boost::json::parse(Ask("GET", path).body).at("auth_token"), "token");
  Play([](Scenario& scenario) { scenario.quirks.twilio.echo_auth_token = false; });
  EXPECT_TRUE(boost::json::parse(Ask("GET", path).body).at("auth_token").is_null());
}

TEST_F(TwilioQuirksTest, AClearMayLoseTheMarks) {
  Play([](Scenario& scenario) { scenario.quirks.twilio.clear_returns_marks = false; });
  media_.clear_when_spoken_to = true;
  media_.close_after_utterance = true;

  Place("+14155550102");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_THAT(media_.heard, ElementsAre("Sorry, wait a moment."));
  EXPECT_THAT(media_.marks, IsEmpty());
}

TEST_F(TwilioQuirksTest, CallbacksComeOutOfOrderTwiceAndAfterTheEnd) {
  Play([](Scenario& scenario) {
    scenario.quirks.twilio.callback_copies = 2;
    scenario.quirks.twilio.callback_delays["ringing"] = absl::Milliseconds(600);
  });

  Place("+14155550103");
  RunUntil([](const FakeMedia& media) { return media.callbacks.size() == 6; });

  EXPECT_THAT(CallbackStatuses(),
              ElementsAre("initiated", "initiated", "busy", "busy", "ringing", "ringing"));
  // The order can be told all the same.
  EXPECT_EQ(media_.callbacks[2].form.Get("SequenceNumber"), "2");
  EXPECT_EQ(media_.callbacks[5].form.Get("SequenceNumber"), "1");
  EXPECT_EQ(media_.callbacks[4].signature, media_.callbacks[5].signature);
}

TEST_F(TwilioQuirksTest, ACallbackThatIsRefusedIsRepeatedWhereItsUrlAsksForIt) {
  media_.statuses = {503, 204, 204};
  const http::Form form = {{"To", "+14155550103"},
                           {"From", "+14155550100"},
                           {"Twiml", "<Response/>"},
                           {"StatusCallback", MediaUrl("https", "/status#rc=2&rp=5xx")}};

  EXPECT_EQ(Ask("POST", std::string(kAccount) + "/Calls.json", form).status, 201);
  RunUntil([](const FakeMedia& media) { return media.callbacks.size() == 2; });

  EXPECT_THAT(CallbackStatuses(), ElementsAre("busy", "busy"));
  EXPECT_EQ(media_.callbacks[0].token, media_.callbacks[1].token);
  EXPECT_FALSE(media_.callbacks[0].token.empty());
}

TEST_F(TwilioQuirksTest, TheVoiceComesInChunksOfOddSizes) {
  Play([](Scenario& scenario) { scenario.quirks.twilio.chunk_bytes = {37, 411}; });
  media_.close_after_utterance = true;

  Place("+14155550142");
  RunUntil(&TwilioFixture::CallIsOver);

  ASSERT_THAT(media_.chunk_bytes.size(), Gt(4u));
  EXPECT_EQ(media_.chunk_bytes[0], 37u);
  EXPECT_EQ(media_.chunk_bytes[1], 411u);
  EXPECT_EQ(media_.chunk_bytes[2], 37u);
  EXPECT_THAT(media_.heard, ElementsAre("Thursday is perfect for me."));
}

TEST_F(TwilioQuirksTest, AStreamIsCutAtItsLimitWithoutAStop) {
  Play([](Scenario& scenario) { scenario.quirks.twilio.stream_max = absl::Milliseconds(400); });

  Place("+14155550142");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_EQ(media_.stream_end, "unreachable");
  EXPECT_THAT(media_.events, ::testing::Not(Contains("stop")));
  EXPECT_EQ(JudgedCall().at("error"), "");  // Twilio did it itself.
}

TEST_F(TwilioQuirksTest, ACallEndsAtTheAccountsLimit) {
  Play([](Scenario& scenario) { scenario.quirks.twilio.call_max = absl::Milliseconds(400); });

  Place("+14155550142");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_EQ(media_.events.back(), "stop");
  EXPECT_EQ(JudgedCall().at("billed_seconds"), 1);
  EXPECT_EQ(JudgedCall().at("error"), "");
}

TEST_F(TwilioQuirksTest, AStopComesAfterTheCallHasEnded) {
  Play([](Scenario& scenario) { scenario.quirks.twilio.stop_delay = absl::Milliseconds(500); });

  Place("+14155550107");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_THAT(media_.events, ::testing::Not(Contains("stop")));
  RunUntil([](const FakeMedia& media) { return media.stream_ended; });
  EXPECT_EQ(media_.events.back(), "stop");
}

TEST_F(TwilioQuirksTest, APersonCallsAndTheNumbersWebhookSaysWhatHappens) {
  media_.twiml = fmt::format(R"(<Response><Connect><Stream url="{}"/></Connect></Response>)",
                             MediaUrl("wss", "/m/two"));
  media_.close_after_utterance = true;
  Play([](Scenario& scenario) { scenario.quirks.twilio.webhook_copies = 2; });
  const http::Form set = {{"VoiceUrl", MediaUrl("https", "/voice")},
                          {"StatusCallback", MediaUrl("https", "/status")}};
  ASSERT_EQ(Ask("POST", std::string(kAccount) + kNumber, set).status, 200);

  const http::Response placed =
      AskJson("/sandbox/calls", R"({"from": "+14155550142", "to": "+14155550100"})");
  ASSERT_EQ(placed.status, 201);
  RunUntil(&TwilioFixture::CallIsOver);

  // The webhook came twice for one call, and both times it rang.
  ASSERT_THAT(media_.webhooks, SizeIs(2));
  EXPECT_EQ(media_.webhooks[0].form.Get("CallSid"), media_.webhooks[1].form.Get("CallSid"));
  EXPECT_EQ(media_.webhooks[0].form.Get("CallStatus"), "ringing");
  EXPECT_EQ(media_.webhooks[0].form.Get("Direction"), "inbound");
  EXPECT_EQ(
      media_.webhooks[0].signature,
      twilio::RequestSignature("token", MediaUrl("https", "/voice"), media_.webhooks[0].form));
  EXPECT_THAT(media_.heard, ElementsAre("Thursday is perfect for me."));
  EXPECT_THAT(CallbackStatuses(), ElementsAre("completed"));
  EXPECT_EQ(JudgedCall().at("direction"), "inbound");
}

TEST_F(TwilioQuirksTest, ARejectedCallerIsNotBilled) {
  media_.twiml = R"(<Response><Reject reason="busy"/></Response>)";
  const http::Form set = {{"VoiceUrl", MediaUrl("https", "/voice")},
                          {"StatusCallback", MediaUrl("https", "/status")}};
  ASSERT_EQ(Ask("POST", std::string(kAccount) + kNumber, set).status, 200);

  AskJson("/sandbox/calls", R"({"from": "+14155550142", "to": "+14155550100"})");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_THAT(CallbackStatuses(), ElementsAre("busy"));
  EXPECT_EQ(JudgedCall().at("billed_seconds"), 0);
}

TEST_F(TwilioQuirksTest, NobodyCallsANumberThatIsNotSetUp) {
  EXPECT_EQ(AskJson("/sandbox/calls", R"({"from": "+14155550142", "to": "+14155550999"})").status,
            422);
  EXPECT_EQ(AskJson("/sandbox/calls", R"({"from": "+14155550142", "to": "+14155550100"})").status,
            422);
  EXPECT_EQ(AskJson("/sandbox/calls", R"({"fron": "+14155550142"})").status, 422);
  EXPECT_EQ(AskJson("/sandbox/calls", R"({"from": "\"", "to": "+14155550100"})").status, 422);
}

TEST_F(TwilioQuirksTest, OrdersFailOnlyForTheNumberOfTheFault) {
  Fault fault;
  fault.provider = Provider::kTwilio;
  fault.status = 429;
  fault.who = "+14155550142";
  fault.retry_after = 0;
  sandbox_->stage().AddFault(fault);
  const auto order = [&](std::string to) {
    const http::Form form = {
        {"To", std::move(to)}, {"From", "+14155550100"}, {"Twiml", "<Response/>"}};
    return Ask("POST", std::string(kAccount) + "/Calls.json", form);
  };

  EXPECT_EQ(order("+14155550103").status, 201);
  const http::Response busy = order("+14155550142");
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(busy.headers.Get("retry-after"), "");
  EXPECT_EQ(order("+14155550142").status, 201);
}

// Each kind of fault, at a moment of the stream: how it ended for the other side. The call is over
// in every case, and Twilio does not take its own fault for the other side's.
TEST_F(TwilioQuirksTest, AStreamBreaksInEveryWay) {
  using Kind = Fault::Kind;
  using Moment = Fault::Moment;
  struct Case {
    Moment moment;
    Kind kind;
  };
  for (const Case& wanted :
       {Case{Moment::kFirstByte, Kind::kDrop}, Case{Moment::kMidStream, Kind::kDrop},
        Case{Moment::kMidStream, Kind::kHalfFrame}, Case{Moment::kMidStream, Kind::kGarbage},
        Case{Moment::kMidStream, Kind::kClose}, Case{Moment::kEnd, Kind::kDrop},
        Case{Moment::kEnd, Kind::kHang}}) {
    SCOPED_TRACE(fmt::format("moment {} kind {}", static_cast<int>(wanted.moment),
                             static_cast<int>(wanted.kind)));
    Fault fault;
    fault.provider = Provider::kTwilio;
    fault.moment = wanted.moment;
    fault.kind = wanted.kind;
    fault.who = "+14155550107";
    fault.after = wanted.moment == Moment::kMidStream ? 10 : 0;
    sandbox_->stage().AddFault(fault);
    media_.callbacks.clear();
    media_.events.clear();
    media_.stream_ended = false;

    Place("+14155550107");
    RunUntil(&TwilioFixture::CallIsOver);

    if (wanted.kind != Kind::kHang) {
      RunUntil([](const FakeMedia& media) { return media.stream_ended; });
    }
    EXPECT_EQ(media_.stream_end, wanted.kind == Kind::kClose ? "closed" : "unreachable");
    EXPECT_THAT(media_.events, ::testing::Not(Contains("stop")));
    const boost::json::value calls = boost::json::parse(Ask("GET", "/sandbox/calls").body);
    EXPECT_EQ(calls.as_array().back().at("error"), "");
  }
}

}  // namespace
}  // namespace latchkey::sandbox
