#include "tests/integration/sandbox/twilio_fixture.h"

#include <utility>

#include "sandbox/carrier/base64.h"
#include "sandbox/speech/flite_voices.h"

namespace latchkey::sandbox {
namespace {

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

}  // namespace

TwilioFixture::TwilioFixture() {
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

TwilioFixture::~TwilioFixture() {
  Await(io_, sandbox_->Stop());  // A second time does no harm.
  Await(io_, media_server_->Stop(absl::ZeroDuration()));
  client_.reset();
}

void TwilioFixture::Play(void (*change)(Scenario& scenario)) {
  Scenario scenario = *sandbox_->stage().scenario();
  change(scenario);
  sandbox_->stage().Play(std::move(scenario));
}

http::Response TwilioFixture::Send(http::Request request) {
  absl::StatusOr<http::Response> response = Await(io_, client_->Send(request, {}));
  return response.ok() ? *response : http::Response{};
}

http::Response TwilioFixture::Ask(std::string method, std::string_view path,
                                  const http::Form& form) {
  const auto url = http::Url::Parse(fmt::format("https://localhost:{}{}", sandbox_->port(), path));
  http::Request request(std::move(method), *url);
  constexpr std::string_view kCredentials = "AC00000000000000000000000000000001:token";
  const std::vector<uint8_t> bytes(kCredentials.begin(), kCredentials.end());
  request.headers = {{"authorization", "Basic " + EncodeBase64(bytes)}};
  request.body = form.Encode();
  return Send(std::move(request));
}

http::Response TwilioFixture::AskJson(std::string_view path, std::string body) {
  const auto url = http::Url::Parse(fmt::format("https://localhost:{}{}", sandbox_->port(), path));
  http::Request request("POST", *url);
  request.body = std::move(body);
  return Send(std::move(request));
}

std::string TwilioFixture::Place(std::string to) {
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

Task<void> TwilioFixture::PollUntil(bool (*done)(const FakeMedia&)) {
  SystemClock clock;
  for (int tries = 0; tries < 1500 && !done(media_); ++tries) {
    co_await clock.Sleep(absl::Milliseconds(10));
  }
}

void TwilioFixture::RunUntil(bool (*done)(const FakeMedia&)) {
  Await(io_, PollUntil(done));
  ASSERT_TRUE(done(media_));
}

std::vector<std::string> TwilioFixture::CallbackStatuses() const {
  std::vector<std::string> statuses;
  for (const FakeMedia::Callback& callback : media_.callbacks) {
    statuses.emplace_back(callback.form.Get("CallStatus"));
  }
  return statuses;
}

}  // namespace latchkey::sandbox
