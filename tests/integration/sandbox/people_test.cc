// Every kind of person of scenarios/people.json, called at the same time over TLS: what they do,
// and what was really played to them, to the sample.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

#include "sandbox/carrier/base64.h"
#include "sandbox/speech/flite_voices.h"
#include "sandbox/wiring.h"
#include "tests/integration/sandbox/people_agent.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kWish[] = "Hello, could we change it to another day?";
constexpr char kGoodbye[] = "No, that is all. Thank you and goodbye!";

std::string Number(int person) { return fmt::format("+141555502{:02}", person); }

// Called once, before the first test: all people, each by one call.
class PeopleTest : public ::testing::Test {
 protected:
  static constexpr int kPeople = 17;

  struct World {
    World();
    ~World();
    http::Response Ask(std::string method, std::string_view path, const http::Form& form = {});
    void Place(const std::string& number);
    Task<void> WaitUntil(bool (*done)(World&));

    boost::asio::io_context io{1};
    SystemClock clock;
    Pki pki;
    PeopleAgent agent;
    std::string account, token, from;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<http::Client> client;
    std::unique_ptr<Sandbox> sandbox;
    std::map<std::string, std::string> sids;  // By number.
  };

  static void SetUpTestSuite();
  static void TearDownTestSuite() { world_.reset(); }
  static bool Done(World& world);
  static bool AllOver(World& world);

  static json::value Judged(int person);
  static json::value Heard(int person);
  static std::string RawAgent(int person) {
    return world_->Ask("GET", "/sandbox/calls/" + world_->sids[Number(person)] + ".ulaw").body;
  }
  static const PeopleAgent::Seen& Seen(int person) {
    return world_->agent.seen(Number(person).substr(1));
  }
  static int Asides(int person);

  static std::unique_ptr<World> world_;
};

std::unique_ptr<PeopleTest::World> PeopleTest::world_;

PeopleTest::World::World() {
  std::ostringstream text;
  text << std::ifstream(SCENARIO_FOLDER "/people.json").rdbuf();
  Scenario scenario = *ParseScenario(text.str());
  account = scenario.twilio.account_sid;
  token = scenario.twilio.auth_token;
  from = scenario.twilio.numbers.at(0);
  const rpc::TlsFiles files = pki.ForLocalhost();
  http::ServerOptions options;
  options.tls = *http::TlsContext::ForServer(files.cert, files.key);
  server = *http::Server::Listen(io.get_executor(), options, agent);
  SandboxOptions sandbox_options;
  sandbox_options.tls_cert = files.cert;
  sandbox_options.tls_key = files.key;
  const http::TlsContext tls = *http::TlsContext::ForClient(pki.ca_file());
  client = std::make_unique<http::Client>(io.get_executor(), tls);
  sandbox = std::make_unique<Sandbox>(io.get_executor(), std::move(scenario), sandbox_options, tls);
  EXPECT_THAT(Await(io, sandbox->Start()), IsOk());
  // The sandbox's own: no voice says a line twice with the same samples.
  agent.ears = sandbox->speech().recognizer();
  agent.speech = SpeakWithFlite("slt",
                                "Good morning, this is Bright Smile Dental. Does Tuesday at "
                                "nine still suit you?")
                     ->mulaw;
}

PeopleTest::World::~World() {
  Await(io, sandbox->Stop());
  Await(io, server->Stop(absl::ZeroDuration()));
  client.reset();
}

http::Response PeopleTest::World::Ask(std::string method, std::string_view path,
                                      const http::Form& form) {
  const auto url = http::Url::Parse(fmt::format("https://localhost:{}{}", sandbox->port(), path));
  http::Request request(std::move(method), *url);
  const std::string credentials = account + ":" + token;
  const std::vector<uint8_t> bytes(credentials.begin(), credentials.end());
  request.headers = {{"authorization", "Basic " + EncodeBase64(bytes)}};
  request.body = form.Encode();
  absl::StatusOr<http::Response> response = Await(io, client->Send(request, {}));
  return response.ok() ? *response : http::Response{};
}

void PeopleTest::World::Place(const std::string& number) {
  const std::string digits = number.substr(1);
  const std::string twiml = fmt::format(
      R"(<Response><Connect><Stream url="wss://localhost:{}/m/{}"/></Connect></Response>)",
      server->port(), digits);
  const http::Form form = {
      {"To", number},
      {"From", from},
      {"Timeout", "6"},
      {"Twiml", twiml},
      {"StatusCallback", fmt::format("https://localhost:{}/status/{}", server->port(), digits)}};
  const http::Response placed =
      Ask("POST", fmt::format("/2010-04-01/Accounts/{}/Calls.json", account), form);
  ASSERT_EQ(placed.status, 201) << placed.body;
  sids[number] = json::parse(placed.body).at("sid").as_string().c_str();
}

Task<void> PeopleTest::World::WaitUntil(bool (*done)(World&)) {
  for (int tries = 0; tries < 2500 && !done(*this); ++tries) {
    co_await clock.Sleep(absl::Milliseconds(10));
  }
}

void PeopleTest::SetUpTestSuite() {
  world_ = std::make_unique<World>();
  for (int person = 1; person <= kPeople; ++person) world_->Place(Number(person));
  Await(world_->io, world_->WaitUntil(&PeopleTest::Done));
  for (const auto& [number, sid] : world_->sids) {
    if (world_->agent.over(number.substr(1))) continue;
    const http::Form form = {{"Status", "completed"}};
    world_->Ask("POST", fmt::format("/2010-04-01/Accounts/{}/Calls/{}.json", world_->account, sid),
                form);
  }
  Await(world_->io, world_->WaitUntil(&PeopleTest::AllOver));
  ASSERT_TRUE(AllOver(*world_));
}

// Those who talk have said all that they will, and those who go have gone.
bool PeopleTest::Done(World& world) {
  const std::map<int, size_t> wanted = {{1, 2}, {2, 2}, {4, 2}, {5, 1},  {6, 2},
                                        {7, 2}, {8, 3}, {9, 1}, {10, 1}, {11, 1}};
  for (const auto& [person, utterances] : wanted) {
    if (world.agent.seen(Number(person).substr(1)).heard.size() < utterances) return false;
  }
  for (const int person : {12, 13, 14, 15, 16, 17}) {
    if (!world.agent.over(Number(person).substr(1))) return false;
  }
  return true;
}

bool PeopleTest::AllOver(World& world) {
  for (int person = 1; person <= kPeople; ++person) {
    if (!world.agent.over(Number(person).substr(1))) return false;
  }
  return true;
}

json::value PeopleTest::Judged(int person) {
  const json::value calls = json::parse(world_->Ask("GET", "/sandbox/calls").body);
  for (const json::value& call : calls.as_array()) {
    if (call.at("to").as_string() == std::string_view(Number(person))) return call;
  }
  return nullptr;
}

json::value PeopleTest::Heard(int person) {
  return json::parse(
      world_->Ask("GET", "/sandbox/calls/" + world_->sids[Number(person)] + "/heard").body);
}

int PeopleTest::Asides(int person) {
  int asides = 0;
  const json::value judged = Judged(person);
  for (const json::value& spoken : judged.at("ear").at("speech").as_array()) {
    if (spoken.at("who") == "aside") ++asides;
  }
  return asides;
}

TEST_F(PeopleTest, ThePoliteOneWaitsForTheAgent) {
  EXPECT_THAT(Seen(1).heard, ElementsAre(kWish, kGoodbye));
  const json::value judged = Judged(1);
  EXPECT_THAT(judged.at("ear").at("barge_in_ms").as_array(), IsEmpty());
  EXPECT_EQ(judged.at("status"), "completed");
}

TEST_F(PeopleTest, TheInterruptingOneBreaksIn) {
  EXPECT_THAT(Seen(2).heard, ElementsAre(kWish, "You may stop there, thank you."));
  EXPECT_EQ(Judged(2).at("ear").at("barge_in_ms").as_array().size(), 1u);
  // The clear that followed is where it was, and what it dropped was never played.
  const json::value heard = Heard(2);
  const json::array& clears = heard.at("clears").as_array();
  ASSERT_GE(clears.size(), 2u);
  EXPECT_GT(clears[1].at("dropped").as_int64(), 0);
  const json::value mark = heard.at("marks").at(1);
  EXPECT_EQ(mark.at("cleared"), true);
  EXPECT_EQ(mark.at("at"), clears[1].at("at"));
}

TEST_F(PeopleTest, TheSilentOneSaysNothing) {
  EXPECT_THAT(Seen(3).heard, IsEmpty());
  EXPECT_EQ(Seen(3).said, 1);
}

TEST_F(PeopleTest, TheHeardTruthIsWhatTheAgentSentSampleForSample) {
  const std::string sent(world_->agent.speech.begin(), world_->agent.speech.end());
  const auto samples = static_cast<int64_t>(sent.size());

  for (const int person : {1, 3, 4}) {
    SCOPED_TRACE(person);
    const json::value heard = Heard(person);
    const std::string raw = RawAgent(person);
    const json::array& spans = heard.at("spans").as_array();
    ASSERT_FALSE(spans.empty());
    // The first speech is one after the other, without a gap, and as long as what was sent.
    const int64_t start = spans[0].at("start").as_int64();
    EXPECT_EQ(heard.at("marks").at(0).at("at").as_int64(), start + samples);
    EXPECT_EQ(heard.at("marks").at(0).at("name"), "said0");
    int64_t end = start;
    for (const json::value& span : spans) {
      if (span.at("start").as_int64() != end) break;
      end += span.at("samples").as_int64();
    }
    EXPECT_EQ(end, start + samples);
    // And the raw recording has just that there, also where noise lay over it.
    ASSERT_GE(raw.size(), static_cast<size_t>(end));
    EXPECT_TRUE(raw.compare(static_cast<size_t>(start), sent.size(), sent) == 0);
  }
}

TEST_F(PeopleTest, TheOneInTheStreetIsUnderstoodThroughTheNoise) {
  ASSERT_FALSE(Seen(4).heard.empty());
  EXPECT_EQ(Seen(4).heard.front(), kWish);
  EXPECT_EQ(Asides(4), 1);  // The cough.
  // The ear heard noise where the carrier played nothing.
  const std::string sid = world_->sids[Number(4)];
  const std::string wav = world_->Ask("GET", "/sandbox/calls/" + sid + ".wav").body;
  ASSERT_GT(wav.size(), 1000u);
  EXPECT_NE(static_cast<uint8_t>(wav[wav.size() - 1]), kMulawSilence);
}

TEST_F(PeopleTest, ATelevisionIsNoWord) {
  EXPECT_THAT(Seen(5).heard, ElementsAre(kGoodbye));
  EXPECT_GE(Asides(5), 1);
}

TEST_F(PeopleTest, AMurmurIsNeitherAWordNorAnInterruption) {
  EXPECT_THAT(Seen(6).heard, ElementsAre(kWish, kGoodbye));
  EXPECT_GE(Asides(6), 1);
  EXPECT_THAT(Judged(6).at("ear").at("barge_in_ms").as_array(), IsEmpty());
}

TEST_F(PeopleTest, WhoSpeaksOverTheGreetingDoesSoFromTheFirstFrame) {
  ASSERT_FALSE(Seen(7).heard.empty());
  EXPECT_EQ(Seen(7).heard.front(), "Hello, who is this?");
  // The agent's first frame may come in the same moment.
  const json::value speech = Judged(7).at("ear").at("speech");
  const auto callee =
      std::find_if(speech.as_array().begin(), speech.as_array().end(),
                   [](const json::value& one) { return one.at("who") == "callee"; });
  ASSERT_NE(callee, speech.as_array().end());
  EXPECT_LT(callee->at("start_ms").as_int64(), 400);
}

TEST_F(PeopleTest, WhoThinksPausesWithinASentence) {
  EXPECT_THAT(Seen(8).heard,
              ElementsAre("Could we perhaps", "change it to another day?", kGoodbye));
}

TEST_F(PeopleTest, TheSlowOneLetsItRing) {
  EXPECT_GE(Judged(9).at("answered_after_ms").as_int64(), 4000);
  EXPECT_THAT(Seen(9).heard, ElementsAre(kGoodbye));
}

TEST_F(PeopleTest, KeysAreTheCarriersMessagesAndTones) {
  EXPECT_EQ(Seen(10).digits, "1#");
  EXPECT_EQ(Asides(10), 1);  // Two tones with less than a breath between them.
}

TEST_F(PeopleTest, TheMachineSpeaksFirstAndBeeps) {
  EXPECT_THAT(Seen(11).heard,
              ElementsAre("Hello, I am not at home. Please leave a message after the tone."));
  EXPECT_GE(Asides(11), 1);
}

TEST_F(PeopleTest, ThoseWhoAreNotThereAreTold) {
  EXPECT_THAT(Seen(12).statuses, ElementsAre("busy"));
  EXPECT_EQ(Seen(12).sip_code, "486");
  EXPECT_THAT(Seen(13).statuses, ElementsAre("no-answer"));
  EXPECT_EQ(Seen(13).sip_code, "487");
  EXPECT_THAT(Seen(14).statuses, ElementsAre("busy"));
  EXPECT_EQ(Seen(14).sip_code, "603");
  EXPECT_THAT(Seen(15).statuses, ElementsAre("failed"));
  EXPECT_EQ(Seen(15).sip_code, "404");
}

TEST_F(PeopleTest, WhoHangsUpInTheirOwnWordIsCutThere) {
  EXPECT_TRUE(Seen(16).stopped);
  const json::value judged = Judged(16);
  const json::value& last = judged.at("ear").at("speech").as_array().back();
  EXPECT_EQ(last.at("who"), "callee");
  EXPECT_LE(last.at("end_ms").as_int64() - last.at("start_ms").as_int64(), 900);
}

TEST_F(PeopleTest, WhoHangsUpInTheAgentsWordHeardOnlyPartOfIt) {
  EXPECT_TRUE(Seen(17).stopped);
  const int64_t played = Heard(17).at("played").as_int64();
  EXPECT_GT(played, 0);
  EXPECT_LT(played, static_cast<int64_t>(world_->agent.speech.size()));
}

TEST_F(PeopleTest, ThePageShowsThemAll) {
  const http::Response page = world_->Ask("GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.Get("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.body.find("{{"), std::string::npos);
  EXPECT_EQ(page.body.find("src=\"http"), std::string::npos);

  const json::value live = json::parse(world_->Ask("GET", "/sandbox/live").body);
  EXPECT_EQ(live.at("scenario"), "people");
  EXPECT_EQ(live.at("calls").as_array().size(), static_cast<size_t>(kPeople));
  const json::value load = json::parse(world_->Ask("POST", "/sandbox/load").body);
  EXPECT_EQ(load.at("frames_sent"), 0);
  EXPECT_EQ(world_->Ask("GET", "/sandbox/calls/CA00.wav").status, 404);
}

TEST_F(PeopleTest, ARunningCallCanBeListenedTo) {
  const std::string number = Number(3);
  world_->Place(number);
  Await(world_->io, world_->WaitUntil([](World& world) {
    return world.agent.seen(Number(3).substr(1)).said == 2;
  }));
  const std::string sid = world_->sids[number];
  const auto url = http::Url::Parse(fmt::format("https://localhost:{}/sandbox/calls/{}.wav?live=1",
                                                world_->sandbox->port(), sid));
  absl::StatusOr<std::unique_ptr<http::BodyStream>> stream =
      Await(world_->io, world_->client->Open(http::Request("GET", *url), {}));
  ASSERT_THAT(stream.status(), IsOk());
  std::string got;
  while (got.size() < 58 + 3200) {
    absl::StatusOr<std::optional<std::string>> piece = Await(world_->io, (*stream)->Next());
    ASSERT_THAT(piece.status(), IsOk());
    ASSERT_TRUE(piece->has_value());
    got += **piece;
  }
  EXPECT_EQ(got.substr(0, 4), "RIFF");

  const http::Form form = {{"Status", "completed"}};
  world_->Ask("POST", fmt::format("/2010-04-01/Accounts/{}/Calls/{}.json", world_->account, sid),
              form);
  bool ended = false;
  while (!ended) {
    absl::StatusOr<std::optional<std::string>> piece = Await(world_->io, (*stream)->Next());
    ASSERT_THAT(piece.status(), IsOk());
    ended = !piece->has_value();
  }
  stream->reset();
}

}  // namespace
}  // namespace latchkey::sandbox
