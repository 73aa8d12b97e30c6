// Calls through the Twilio stand-in, over TLS, with real speech and a playout clock in real time.
#include "tests/integration/sandbox/twilio_fixture.h"

namespace latchkey::sandbox {
namespace {

using ::testing::ElementsAre;

using TwilioCallTest = TwilioFixture;

TEST_F(TwilioCallTest, ACallIsRungAnsweredSpokenAndBilled) {
  media_.close_after_utterance = true;

  const std::string uri = Place("+14155550142");
  RunUntil(&TwilioFixture::CallIsOver);

  // The callee waited for the agent, and what it said came through as sound.
  EXPECT_THAT(media_.heard, ElementsAre("Thursday is perfect for me."));
  EXPECT_THAT(media_.marks, ElementsAre("greeted"));
  EXPECT_EQ(media_.events.front(), "connected");
  EXPECT_EQ(media_.parameter, "t1");
  EXPECT_THAT(CallbackStatuses(), ElementsAre("initiated", "ringing", "in-progress", "completed"));
  for (size_t i = 0; i < media_.callbacks.size(); ++i) {
    const FakeMedia::Callback& callback = media_.callbacks[i];
    EXPECT_EQ(callback.form.Get("SequenceNumber"), fmt::to_string(i));
    EXPECT_EQ(callback.signature,
              twilio::RequestSignature("token", MediaUrl("https", "/status"), callback.form));
  }
  EXPECT_EQ(media_.handshake_signature,
            twilio::RequestSignature("token", MediaUrl("wss", "/m/one")));

  const boost::json::value call = boost::json::parse(Ask("GET", uri).body);
  const boost::json::value judged = JudgedCall();
  EXPECT_EQ(call.at("status"), "completed");
  EXPECT_EQ(call.at("duration").as_string(),
            fmt::to_string(judged.at("billed_seconds").as_int64()));
  // Every frame of the agent's was played: 20 ms each.
  const auto frames = static_cast<size_t>(judged.at("ear").at("frames_heard").as_int64());
  EXPECT_EQ(frames, (media_.speech.size() + 159) / 160);
  const std::string sid = call.at("sid").as_string().c_str();
  EXPECT_GT(Ask("GET", "/sandbox/calls/" + sid + ".wav").body.size(), 30'000u);
}

TEST_F(TwilioCallTest, ClearSilencesTheAgentWhenItIsInterrupted) {
  media_.clear_when_spoken_to = true;
  media_.close_after_utterance = true;

  Place("+14155550102");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_THAT(media_.heard, ElementsAre("Sorry, wait a moment."));
  EXPECT_THAT(media_.marks, ElementsAre("greeted"));
  const boost::json::value judged = JudgedCall();
  const boost::json::array& barge_in = judged.at("ear").at("barge_in_ms").as_array();
  ASSERT_EQ(barge_in.size(), 1u);
  EXPECT_LE(barge_in[0].as_int64(), 300);
  EXPECT_LT(judged.at("ear").at("frames_heard").as_int64(),
            static_cast<int64_t>(media_.speech.size() / 160));
}

TEST_F(TwilioCallTest, TheApiEndsACallAndTheStreamIsToldToStop) {
  const std::string uri = Place("+14155550142");
  RunUntil([](const FakeMedia& media) { return media.media_frames > 5; });

  EXPECT_EQ(Ask("POST", uri, {{"Status", "completed"}}).status, 200);
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_EQ(media_.events.back(), "stop");
  const http::Response again = Ask("POST", uri, {{"Status", "completed"}});
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(boost::json::parse(again.body).at("code"), 21220);
}

TEST_F(TwilioCallTest, NewTwimlReplacesTheStream) {
  const std::string uri = Place("+14155550142");
  RunUntil([](const FakeMedia& media) { return media.media_frames > 5; });

  const http::Form form = {{"Twiml", "<Response><Say>Goodbye.</Say><Hangup/></Response>"}};
  EXPECT_EQ(Ask("POST", uri, form).status, 200);
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_EQ(media_.events.back(), "stop");
  EXPECT_GT(JudgedCall().at("ear").at("frames_heard").as_int64(), 20);
}

TEST_F(TwilioCallTest, TheActionOfADialIsToldItsEndAndSaysHowTheCallGoesOn) {
  media_.twiml = "<Response><Say>Nobody is free.</Say><Hangup/></Response>";
  const std::string uri = Place("+14155550142");
  RunUntil([](const FakeMedia& media) { return media.media_frames > 5; });

  const http::Form form = {
      {"Twiml", fmt::format(R"(<Response><Dial action="{}">+14155550103</Dial>)"
                            "<Say>This is left out.</Say></Response>",
                            MediaUrl("https", "/voice"))}};
  EXPECT_EQ(Ask("POST", uri, form).status, 200);
  RunUntil(&TwilioFixture::CallIsOver);

  ASSERT_EQ(media_.webhooks.size(), 1u);
  const FakeMedia::Callback& told = media_.webhooks.front();
  EXPECT_EQ(told.form.Get("DialCallStatus"), "busy");
  EXPECT_EQ(told.form.Get("CallStatus"), "in-progress");
  EXPECT_TRUE(told.form.Get("DialCallSid").starts_with("CA"));
  EXPECT_EQ(told.signature,
            twilio::RequestSignature("token", MediaUrl("https", "/voice"), told.form));
  const std::string calls = Ask("GET", "/sandbox/calls").body;
  EXPECT_NE(calls.find("Nobody is free."), std::string::npos);
  EXPECT_EQ(calls.find("This is left out."), std::string::npos);
}

TEST_F(TwilioCallTest, TheCalleeHangsUp) {
  Place("+14155550107");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_EQ(media_.events.back(), "stop");
  EXPECT_EQ(media_.callbacks.back().form.Get("CallStatus"), "completed");
}

TEST_F(TwilioCallTest, ABusyCalleeIsTold) {
  Place("+14155550103");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_THAT(CallbackStatuses(), ElementsAre("initiated", "ringing", "busy"));
  EXPECT_EQ(media_.callbacks.back().form.Get("SipResponseCode"), "486");
  EXPECT_EQ(media_.callbacks.back().form.Get("CallDuration"), "0");
}

TEST_F(TwilioCallTest, NobodyAnswersForTheWholeTimeout) {
  Place("+14155550104");
  RunUntil(&TwilioFixture::CallIsOver);

  EXPECT_THAT(CallbackStatuses(), ElementsAre("initiated", "ringing", "no-answer"));
}

TEST_F(TwilioCallTest, TheSandboxStopsInMidCall) {
  Place("+14155550142");
  RunUntil([](const FakeMedia& media) { return media.media_frames > 5; });

  Await(io_, sandbox_->Stop());

  EXPECT_THAT(CallbackStatuses(), ElementsAre("initiated", "ringing", "in-progress"));
}

TEST_F(TwilioCallTest, AnOrderWhoseAnswerIsLostCanBeFoundAgain) {
  Play([](Scenario& scenario) { scenario.quirks.twilio.lost_answers = 1; });
  const http::Form form = {
      {"To", "+14155550142"}, {"From", "+14155550100"}, {"Twiml", "<Response/>"}};

  EXPECT_EQ(Ask("POST", std::string(kAccount) + "/Calls.json", form).status, 0);

  const http::Response list =
      Ask("GET", std::string(kAccount) + "/Calls.json?To=%2B14155550142&StartTime%3E=2026-01-01");
  EXPECT_EQ(boost::json::parse(list.body).at("calls").as_array().size(), 1u);
}

}  // namespace
}  // namespace latchkey::sandbox
