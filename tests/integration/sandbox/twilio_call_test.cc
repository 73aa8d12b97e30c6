// Calls through the Twilio stand-in, over TLS, with real speech and a playout clock in real time.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "sandbox/carrier/twilio/base64.h"
#include "sandbox/carrier/twilio/request_signature.h"
#include "sandbox/speech/flite_voices.h"
#include "sandbox/wiring.h"
#include "tests/integration/sandbox/fake_media.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {
namespace {

using ::testing::ElementsAre;

constexpr char kScenario[] = R"({
  "speech": {"callee_voice": "rms"},
  "latencies": {"probe": {"mean_ms": 1}},
  "callees": {
    "*": {"ring_ms": 60, "lines": [{"say": "Thursday is perfect for me.", "after_ms": 300}]},
    "+14155550102": {"ring_ms": 60, "lines": [
        {"say": "Sorry, wait a moment.", "when": "agent_speaks", "after_ms": 800}]},
    "+14155550103": {"ring_ms": 60, "answer": "busy"},
    "+14155550104": {"answer": "no_answer"},
    "+14155550107": {"ring_ms": 60,
                     "lines": [{"hang_up": true, "when": "agent_speaks", "after_ms": 500}]},
  },
  "twilio": {"account_sid": "AC00000000000000000000000000000001", "auth_token": "token",
             "numbers": ["+14155550100"]},
})";
constexpr char kAccount[] = "/2010-04-01/Accounts/AC00000000000000000000000000000001";

class TwilioCallTest : public ::testing::Test {
 protected:
  TwilioCallTest() {
    const rpc::TlsFiles files = pki_.ForLocalhost();
    http::ServerOptions options;
    options.tls = *http::TlsContext::ForServer(files.cert, files.key);
    media_server_ = *http::Server::Listen(io_.get_executor(), options, media_);
    SandboxOptions sandbox_options;
    sandbox_options.tls_cert = files.cert;
    sandbox_options.tls_key = files.key;
    client_tls_ = std::make_unique<http::TlsContext>(*http::TlsContext::ForClient(pki_.ca_file()));
    client_ = std::make_unique<http::Client>(io_.get_executor(), *client_tls_);
    sandbox_ = std::make_unique<Sandbox>(io_.get_executor(), *ParseScenario(kScenario),
                                         sandbox_options, *client_tls_);
    EXPECT_THAT(Await(io_, sandbox_->Start()), IsOk());
    EXPECT_THAT(Await(io_, ears_.Prepare(sandbox_->stage().scenario())), IsOk());
    media_.ears = ears_.recognizer();
    media_.speech = SpeakWithFlite("slt", "Good morning. Does Thursday suit you?")->mulaw;
  }

  ~TwilioCallTest() override {
    Await(io_, sandbox_->Stop());  // A second time does no harm.
    Await(io_, media_server_->Stop(absl::ZeroDuration()));
    client_.reset();
  }

  std::string MediaUrl(std::string_view scheme, std::string_view path) const {
    return fmt::format("{}://localhost:{}{}", scheme, media_server_->port(), path);
  }

  http::Response Ask(std::string method, std::string_view path, const http::Form& form = {}) {
    const auto url =
        http::Url::Parse(fmt::format("https://localhost:{}{}", sandbox_->port(), path));
    http::Request request(std::move(method), *url);
    constexpr std::string_view kCredentials = "AC00000000000000000000000000000001:token";
    const std::vector<uint8_t> bytes(kCredentials.begin(), kCredentials.end());
    request.headers = {{"authorization", "Basic " + twilio::EncodeBase64(bytes)}};
    request.body = form.Encode();
    absl::StatusOr<http::Response> response = Await(io_, client_->Send(request, {}));
    return response.ok() ? *response : http::Response{};
  }

  // Places a call that streams to the fake media, and returns its resource's path.
  std::string Place(std::string to) {
    const std::string twiml = fmt::format(
        R"(<Response><Connect><Stream url="{}"><Parameter name="token" value="t1"/></Stream>)"
        "</Connect></Response>",
        MediaUrl("wss", "/m/one"));
    http::Form form = {{"To", std::move(to)},
                       {"From", "+14155550100"},
                       {"Timeout", "1"},
                       {"Twiml", twiml},
                       {"StatusCallback", MediaUrl("https", "/status")}};
    for (const char* event : {"initiated", "ringing", "answered", "completed"}) {
      form.Add("StatusCallbackEvent", event);
    }
    const http::Response placed = Ask("POST", std::string(kAccount) + "/Calls.json", form);
    EXPECT_EQ(placed.status, 201);
    if (placed.status != 201) return "";
    const boost::json::value call = boost::json::parse(placed.body);
    return call.at("uri").as_string().c_str();
  }

  Task<void> PollUntil(bool (*done)(const FakeMedia&)) {
    SystemClock clock;
    for (int tries = 0; tries < 1500 && !done(media_); ++tries) {
      co_await clock.Sleep(absl::Milliseconds(10));
    }
  }
  void RunUntil(bool (*done)(const FakeMedia&)) {
    Await(io_, PollUntil(done));
    ASSERT_TRUE(done(media_));
  }
  static bool CallIsOver(const FakeMedia& media) {
    return !media.callbacks.empty() && media.callbacks.back().form.Has("CallDuration");
  }

  boost::json::value JudgedCall() {
    return boost::json::parse(Ask("GET", "/sandbox/calls").body).at(0);
  }
  std::vector<std::string> CallbackStatuses() const {
    std::vector<std::string> statuses;
    for (const FakeMedia::Callback& callback : media_.callbacks) {
      statuses.emplace_back(callback.form.Get("CallStatus"));
    }
    return statuses;
  }

  boost::asio::io_context io_{1};
  Pki pki_;
  FakeMedia media_;
  Workers workers_{1};
  SpeechEngines ears_{workers_};
  std::unique_ptr<http::Server> media_server_;
  std::unique_ptr<http::TlsContext> client_tls_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<Sandbox> sandbox_;
};

TEST_F(TwilioCallTest, ACallIsRungAnsweredSpokenAndBilled) {
  media_.close_after_utterance = true;

  const std::string uri = Place("+14155550142");
  RunUntil(&TwilioCallTest::CallIsOver);

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
  RunUntil(&TwilioCallTest::CallIsOver);

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
  RunUntil(&TwilioCallTest::CallIsOver);

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
  RunUntil(&TwilioCallTest::CallIsOver);

  EXPECT_EQ(media_.events.back(), "stop");
  EXPECT_GT(JudgedCall().at("ear").at("frames_heard").as_int64(), 20);
}

TEST_F(TwilioCallTest, TheCalleeHangsUp) {
  Place("+14155550107");
  RunUntil(&TwilioCallTest::CallIsOver);

  EXPECT_EQ(media_.events.back(), "stop");
  EXPECT_EQ(media_.callbacks.back().form.Get("CallStatus"), "completed");
}

TEST_F(TwilioCallTest, ABusyCalleeIsTold) {
  Place("+14155550103");
  RunUntil(&TwilioCallTest::CallIsOver);

  EXPECT_THAT(CallbackStatuses(), ElementsAre("initiated", "ringing", "busy"));
  EXPECT_EQ(media_.callbacks.back().form.Get("SipResponseCode"), "486");
  EXPECT_EQ(media_.callbacks.back().form.Get("CallDuration"), "0");
}

TEST_F(TwilioCallTest, NobodyAnswersForTheWholeTimeout) {
  Place("+14155550104");
  RunUntil(&TwilioCallTest::CallIsOver);

  EXPECT_THAT(CallbackStatuses(), ElementsAre("initiated", "ringing", "no-answer"));
}

TEST_F(TwilioCallTest, TheSandboxStopsInMidCall) {
  Place("+14155550142");
  RunUntil([](const FakeMedia& media) { return media.media_frames > 5; });

  Await(io_, sandbox_->Stop());

  EXPECT_THAT(CallbackStatuses(), ElementsAre("initiated", "ringing", "in-progress"));
}

TEST_F(TwilioCallTest, AnOrderWhoseAnswerIsLostCanBeFoundAgain) {
  sandbox_->stage().AddFault({.provider = Provider::kTwilio,
                              .moment = Fault::Moment::kMidStream,
                              .kind = Fault::Kind::kDrop});
  const http::Form form = {
      {"To", "+14155550142"}, {"From", "+14155550100"}, {"Twiml", "<Response/>"}};

  EXPECT_EQ(Ask("POST", std::string(kAccount) + "/Calls.json", form).status, 0);

  const http::Response list =
      Ask("GET", std::string(kAccount) + "/Calls.json?To=%2B14155550142&StartTime%3E=2026-01-01");
  EXPECT_EQ(boost::json::parse(list.body).at("calls").as_array().size(), 1u);
}

}  // namespace
}  // namespace latchkey::sandbox
