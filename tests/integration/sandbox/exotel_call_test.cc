// Calls through the Exotel stand-in, over TLS and in real time.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "sandbox/carrier/base64.h"
#include "sandbox/wiring.h"
#include "tests/integration/sandbox/fake_bot.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

constexpr char kScenario[] = R"({
  "latencies": {"probe": {"mean_ms": 1}},
  "callees": {
    "*": {"ring_ms": 60, "lines": []},
    "+919812340002": {"ring_ms": 60, "answer": "busy"},
    "+919812340003": {"ring_ms": 60, "lines": [
        {"press": "5", "when": "any_time", "after_ms": 200},
        {"hang_up": true, "when": "any_time", "after_ms": 400}]},
  },
  "exotel": {"sid": "acme1", "api_key": "key", "auth_token": "token", "region": "in",
             "numbers": ["+918047491899"], "dnd_numbers": ["+919812340009"]},
  "quirks": {"exotel": {"settle_delay_ms": 0, "callback_retry_ms": 50}},
})";
constexpr char kAccount[] = "/in/v1/Accounts/acme1";

class ExotelCallTest : public ::testing::Test {
 protected:
  ExotelCallTest() {
    const rpc::TlsFiles files = pki_.ForLocalhost();
    http::ServerOptions options;
    options.tls = *http::TlsContext::ForServer(files.cert, files.key);
    bot_server_ = *http::Server::Listen(io_.get_executor(), options, bot_);
    SandboxOptions sandbox_options;
    sandbox_options.tls_cert = files.cert;
    sandbox_options.tls_key = files.key;
    client_tls_ = std::make_unique<http::TlsContext>(*http::TlsContext::ForClient(pki_.ca_file()));
    client_ = std::make_unique<http::Client>(io_.get_executor(), *client_tls_);
    sandbox_ = std::make_unique<Sandbox>(io_.get_executor(), *ParseScenario(kScenario),
                                         sandbox_options, *client_tls_);
    EXPECT_THAT(Await(io_, sandbox_->Start()), IsOk());
  }

  ~ExotelCallTest() override {
    Await(io_, sandbox_->Stop());
    Await(io_, bot_server_->Stop(absl::ZeroDuration()));
    client_.reset();
  }

  void Play(const std::function<void(Scenario&)>& change) {
    Scenario scenario = *sandbox_->stage().scenario();
    change(scenario);
    sandbox_->stage().Play(std::move(scenario));
  }

  std::string BotUrl(std::string_view scheme, std::string_view path) const {
    return fmt::format("{}://localhost:{}{}", scheme, bot_server_->port(), path);
  }

  http::Response Ask(std::string method, std::string_view path, const http::Form& form = {},
                     std::string_view credentials = "key:token") {
    const auto url =
        http::Url::Parse(fmt::format("https://localhost:{}{}", sandbox_->port(), path));
    http::Request request(std::move(method), *url);
    const std::vector<uint8_t> bytes(credentials.begin(), credentials.end());
    request.headers = {{"authorization", "Basic " + EncodeBase64(bytes)}};
    request.body = form.Encode();
    absl::StatusOr<http::Response> response = Await(io_, client_->Send(request, {}));
    return response.ok() ? *response : http::Response{};
  }

  // Orders a call; `what` is its stream or its flow. Returns its SID.
  std::string Place(const std::string& to, const http::Form& what) {
    http::Form form = {{"From", to},
                       {"CallerId", "08047491899"},
                       {"CustomField", "att-77"},
                       {"TimeOut", "2"},
                       {"StatusCallback", BotUrl("https", "/status")},
                       {"StatusCallbackContentType", "application/json"},
                       {"StatusCallbackEvents[]", "terminal"},
                       {"StatusCallbackEvents[]", "answered"}};
    for (const auto& [name, value] : what) form.Add(name, value);
    const http::Response placed = Ask("POST", std::string(kAccount) + "/Calls/connect.json", form);
    EXPECT_EQ(placed.status, 200) << placed.body;
    if (placed.status != 200) return "";
    const json::value call = json::parse(placed.body).at("Call");
    EXPECT_EQ(call.at("Status"), "in-progress");  // Accepted, not answered.
    return call.at("Sid").as_string().c_str();
  }
  std::string PlaceStream(const std::string& to, std::string_view query = "") {
    return Place(to, {{"StreamUrl", BotUrl("wss", "/s") + std::string(query)},
                      {"StreamType", "bidirectional"}});
  }

  Task<void> PollUntil(std::function<bool()> done) {
    SystemClock clock;
    for (int tries = 0; tries < 1500 && !done(); ++tries) {
      co_await clock.Sleep(absl::Milliseconds(10));
    }
  }
  void RunUntil(const std::function<bool()>& done) {
    Await(io_, PollUntil(done));
    ASSERT_TRUE(done());
  }

  // The JSON of the callback of this event; null if none has come.
  json::value Told(std::string_view event) const {
    for (const FakeBot::Asked& asked : bot_.asked) {
      if (asked.path != "/status") continue;
      json::value body = json::parse(asked.body);
      if (body.at("EventType").as_string() == event) return body;
    }
    return nullptr;
  }
  bool Over() const { return !Told("terminal").is_null(); }

  boost::asio::io_context io_{1};
  Pki pki_;
  FakeBot bot_;
  std::unique_ptr<http::Server> bot_server_;
  std::unique_ptr<http::TlsContext> client_tls_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<Sandbox> sandbox_;
};

TEST_F(ExotelCallTest, AKeyIsGoodInItsRegionOnly) {
  EXPECT_EQ(Ask("GET", "/in/v1/Accounts/acme1.json").status, 200);
  const http::Response elsewhere = Ask("GET", "/v1/Accounts/acme1.json");
  EXPECT_EQ(elsewhere.status, 401);
  EXPECT_EQ(elsewhere.body,
            R"({"RestException":{"Status":401,"Message":"Authentication failed","Code":0}})");
  EXPECT_EQ(Ask("GET", "/in/v1/Accounts/acme1.json", {}, "key:wrong").status, 401);
  EXPECT_EQ(Ask("GET", "/in/v1/Accounts/other.json").status, 404);

  const http::Response xml = Ask("GET", "/in/v1/Accounts/acme1/ActiveStreams");
  EXPECT_THAT(xml.body, HasSubstr("<TwilioResponse><Stream><ActiveStreamCount>0<"));
  const http::Response number = Ask("GET", "/in/v1/Accounts/acme1/Numbers/09812340009.json");
  EXPECT_THAT(number.body, HasSubstr(R"("DND":"Yes")"));
  Play([](Scenario& scenario) { scenario.quirks.exotel.empty_401 = true; });
  EXPECT_EQ(Ask("GET", "/v1/Accounts/acme1.json").body, "");
}

TEST_F(ExotelCallTest, AStreamGoesBothWaysAndClosingItEndsTheCall) {
  bot_.pcm.assign(16'000, 0x21);  // Half a second at 16 kHz.
  bot_.close_after_frames = 9;

  const std::string sid = PlaceStream("09812340001", "?sample-rate=16000&tok=x9");
  RunUntil([&] { return Over(); });

  ASSERT_GE(bot_.messages.size(), 3u);
  EXPECT_EQ(bot_.messages[0].at("event"), "connected");
  const json::value start = bot_.messages[1].at("start");
  EXPECT_EQ(start.at("call_sid"), sid.c_str());
  EXPECT_EQ(start.at("from"), "09812340001");
  EXPECT_EQ(start.at("custom_parameters").at("tok"), "x9");
  EXPECT_EQ(start.at("media_format").at("sample_rate"), "16000");
  EXPECT_EQ(bot_.messages[2].at("mark").at("name"), "greeted");
  const std::string_view payload = bot_.media[0].at("media").at("payload").as_string();
  EXPECT_EQ(DecodeBase64(payload)->size(), 3200u);  // 100 ms
  EXPECT_EQ(bot_.media[8].at("media").at("timestamp"), "900");

  EXPECT_EQ(Told("answered").at("Status"), "in-progress");
  EXPECT_EQ(Told("terminal").at("Status"), "completed");
  EXPECT_EQ(Told("terminal").at("CustomField"), "att-77");
  const json::value shown =
      json::parse(Ask("GET", fmt::format("{}/Calls/{}.json?details=true", kAccount, sid)).body);
  EXPECT_EQ(shown.at("Call").at("Status"), "completed");
  EXPECT_EQ(shown.at("Call").at("Duration"), Told("terminal").at("ConversationDuration"));
  EXPECT_EQ(shown.at("Details").at("Leg1Status"), "completed");
  const json::value judged = json::parse(Ask("GET", "/sandbox/calls").body).at(0);
  EXPECT_EQ(judged.at("carrier"), "exotel");
  EXPECT_EQ(judged.at("ear").at("frames_heard"), 25);
  EXPECT_EQ(judged.at("error"), "");
}

TEST_F(ExotelCallTest, AKeyThatIsPressedAndAHangUpAreTold) {
  PlaceStream("09812340003");
  RunUntil([&] { return Over() && bot_.stream_ended; });

  std::string digit, reason;
  for (const json::value& message : bot_.messages) {
    if (message.at("event") == "dtmf") digit = message.at("dtmf").at("digit").as_string().c_str();
    if (message.at("event") == "stop") reason = message.at("stop").at("reason").as_string().c_str();
  }
  EXPECT_EQ(digit, "5");
  EXPECT_EQ(reason, "callended");
}

TEST_F(ExotelCallTest, ChunksOfOtherSizesLeaveGapsAndHugeOnesCloseTheStream) {
  bot_.pcm.assign(3210, 0x21);
  bot_.chunk_bytes = 3210;
  bot_.close_after_frames = 4;
  PlaceStream("09812340001");
  RunUntil([&] { return Over(); });
  // 3210 bytes are 1605 samples; the gap of 20 ms follows: 1765 samples are 12 frames begun.
  const json::value judged = json::parse(Ask("GET", "/sandbox/calls").body).at(0);
  EXPECT_EQ(judged.at("ear").at("frames_heard"), 12);

  bot_.asked.clear();
  bot_.stream_ended = false;
  bot_.close_after_frames = 0;
  bot_.pcm.assign(100'320, 0);
  bot_.chunk_bytes = 100'320;
  PlaceStream("09812340001");
  RunUntil([&] { return Over() && bot_.stream_ended; });
  EXPECT_EQ(bot_.close_code, "1009");
}

TEST_F(ExotelCallTest, MarksOfAClearComeBackOrAreLost) {
  bot_.pcm.assign(32'000, 0x21);
  bot_.clear_at_once = true;
  bot_.close_after_frames = 4;
  const auto marks = [&] {
    return std::ranges::count_if(
        bot_.messages, [](const json::value& message) { return message.at("event") == "mark"; });
  };

  PlaceStream("09812340001");
  RunUntil([&] { return Over(); });
  EXPECT_EQ(marks(), 1);

  bot_.asked.clear();
  bot_.messages.clear();
  bot_.media.clear();
  Play([](Scenario& scenario) { scenario.quirks.exotel.clear_returns_marks = false; });
  PlaceStream("09812340001");
  RunUntil([&] { return Over(); });
  EXPECT_EQ(marks(), 0);
}

TEST_F(ExotelCallTest, AFlowAsksItsAppletsBeforeAndAfterTheStream) {
  bot_.stream_url = fmt::format("wss://user:pass@localhost:{}/s", bot_server_->port());
  bot_.close_after_frames = 3;
  Play([&](Scenario& scenario) {
    scenario.exotel.flows = {{.app_id = "926",
                              .passthru = BotUrl("https", "/before"),
                              .passthru_after = BotUrl("https", "/after"),
                              .voicebot = BotUrl("https", "/url")}};
  });
  const http::Form flow = {{"Url", "http://my.exotel.com/acme1/exoml/start_voice/926"}};

  const std::string sid = Place("09812340001", flow);
  RunUntil([&] { return Over(); });

  std::vector<std::string> paths;
  for (const FakeBot::Asked& asked : bot_.asked) {
    if (asked.path == "/status") continue;
    paths.push_back(asked.method + " " + asked.path);
    EXPECT_EQ(asked.query.Get("CallSid"), sid);
    EXPECT_EQ(asked.query.Get("EndTime"), "1970-01-01 05:30:00");
  }
  EXPECT_THAT(paths, ::testing::ElementsAre("GET /before", "GET /url", "GET /after"));
  EXPECT_EQ(bot_.authorization, "Basic dXNlcjpwYXNz");
  EXPECT_EQ(bot_.asked[bot_.asked.size() - 2].query.Get("Stream[DisconnectedBy]"), "bot");

  bot_.asked.clear();
  bot_.media.clear();
  bot_.passthru_status = 302;
  Place("09812340001", flow);
  RunUntil([&] { return Over(); });
  EXPECT_TRUE(bot_.media.empty());
}

TEST_F(ExotelCallTest, ABusyPersonAndAForbiddenOneAreTold) {
  PlaceStream("09812340002");
  RunUntil([&] { return Over(); });
  EXPECT_EQ(Told("terminal").at("Status"), "busy");
  EXPECT_TRUE(Told("answered").is_null());

  const http::Form form = {{"From", "09812340009"},
                           {"CallerId", "08047491899"},
                           {"StreamUrl", "wss://a.example/s"},
                           {"StreamType", "bidirectional"}};
  const http::Response listed = Ask("POST", std::string(kAccount) + "/Calls/connect.json", form);
  EXPECT_EQ(listed.status, 403);
  EXPECT_THAT(listed.body, HasSubstr("NDNC"));
  EXPECT_THAT(Ask("POST", std::string(kAccount) + "/Calls/connect", form).body,
              HasSubstr("<TwilioResponse><RestException><Status>403</Status>"));
}

TEST_F(ExotelCallTest, OrdersAreLimitedPerMinute) {
  Play([](Scenario& scenario) { scenario.exotel.requests_per_minute = 1; });
  PlaceStream("09812340002");

  const http::Response busy = Ask("POST", std::string(kAccount) + "/Calls/connect.json", {});

  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(busy.headers.Get("x-ratelimit-remaining"), "0");
  EXPECT_NE(busy.headers.Get("retry-after"), "");
  RunUntil([&] { return Over(); });
}

TEST_F(ExotelCallTest, OrdersAndStreamsFailAsTheScenarioWants) {
  Fault busy;
  busy.provider = Provider::kExotel;
  busy.status = 429;
  busy.who = "+919812340001";
  busy.retry_after = 3;
  sandbox_->stage().AddFault(busy);
  Fault cut;
  cut.provider = Provider::kExotel;
  cut.moment = Fault::Moment::kMidStream;
  cut.kind = Fault::Kind::kHalfFrame;
  cut.after = 3;
  sandbox_->stage().AddFault(cut);

  const http::Response refused = Ask("POST", std::string(kAccount) + "/Calls/connect.json",
                                     {{"From", "09812340001"}, {"CallerId", "08047491899"}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.Get("retry-after"), "3");

  PlaceStream("09812340001");
  RunUntil([&] { return Over() && bot_.stream_ended; });
  // `connected`, and the three messages that passed unharmed.
  EXPECT_EQ(bot_.messages.size() + bot_.media.size(), 4u);
  EXPECT_EQ(bot_.close_code, "");
  const json::value calls = json::parse(Ask("GET", "/sandbox/calls").body);
  EXPECT_EQ(calls.as_array().back().at("error"), "");  // Exotel did it itself.
}

}  // namespace
}  // namespace latchkey::sandbox
