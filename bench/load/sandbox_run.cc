#include "bench/load/sandbox_run.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "bench/load/core_usage.h"
#include "bench/load/pace.h"
#include "lib/base/check.h"

namespace latchkey::bench {
namespace {

namespace json = boost::json;

constexpr int kSubjectCore = 1;
constexpr int kStages = 4;
constexpr absl::Duration kSettle = absl::Milliseconds(1500);
constexpr absl::Duration kStage = absl::Seconds(3);
// Between two calls' starts: no multiple of a frame.
constexpr std::chrono::microseconds kRamp(7'730);
constexpr int kPollsMax = 400;  // Of 50 ms.
constexpr std::chrono::milliseconds kPoll(50);
constexpr char kPacerLog[] = "bench-pacer.log";
constexpr std::string_view kAccount = "AC0000000000000000000000000000000b";
constexpr std::string_view kToken = "load-run";

// People who talk and listen, and cost no more than that.
constexpr char kScenario[] = R"({
  "name": "load",
  "speech": {"stt_engine": "fingerprint"},
  "latencies": {"probe": {"mean_ms": 0}},
  "callees": {"*": {"ring_ms": 300, "record": false, "lines": [
      {"say": "Could we change it to another day"}, {"say": "Could we change it to another day"},
      {"say": "Could we change it to another day"}, {"say": "Could we change it to another day"},
      {"say": "Could we change it to another day"}, {"say": "Could we change it to another day"},
      {"say": "Could we change it to another day"}, {"say": "Could we change it to another day"}]}},
  "twilio": {"account_sid": "AC0000000000000000000000000000000b", "auth_token": "load-run",
             "numbers": ["+14155550100"]}
})";

double Cores(absl::Duration cpu, absl::Duration wall) {
  return absl::ToDoubleSeconds(cpu) / absl::ToDoubleSeconds(wall);
}

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

PeerSide::PeerSide() {
  const rpc::TlsFiles files = pki_.ForLocalhost();
  http::ServerOptions options;
  options.tls = *http::TlsContext::ForServer(files.cert, files.key);
  auto listening = http::Server::Listen(io_.get_executor(), options, peer_);
  Check(listening.ok(), "an address to listen at");
  server_ = *std::move(listening);
  peer_.set_stream_url(Url("wss", "/stream"));
}

std::string PeerSide::Url(std::string_view scheme, std::string_view path) const {
  return fmt::format("{}://localhost:{}{}", scheme, server_->port(), path);
}

Task<void> PeerSide::Pass(absl::Duration time) {
  Pace pace(io_.get_executor(), std::chrono::microseconds(absl::ToInt64Microseconds(time)));
  co_await pace.Next();
}

void PeerSide::Begin(const Subject& subject) {
  began_ = absl::Now();
  subject_cpu_ = subject.cpu_time();
  own_cpu_ = OwnCpuTime();
  subject_waited_ = subject.waited_for_core();
  stolen_ = StolenTime(kSubjectCore);
  counts_ = peer_.counts();
}

Window PeerSide::End(const Subject& subject) {
  const absl::Duration wall = absl::Now() - began_;
  Window window;
  window.calls = peer_.counts().live;
  window.frames_arrived = peer_.counts().frames_in - counts_.frames_in;
  window.agent_frames = peer_.counts().frames_out - counts_.frames_out;
  window.subject_cores = Cores(subject.cpu_time() - subject_cpu_, wall);
  window.peer_cores = Cores(OwnCpuTime() - own_cpu_, wall);
  window.waited_cores = Cores(subject.waited_for_core() - subject_waited_, wall);
  window.stolen_cores = Cores(StolenTime(kSubjectCore) - stolen_, wall);
  return window;
}

SandboxRun::SandboxRun(std::string binary, int calls, absl::Duration seconds)
    : calls_(calls), seconds_(seconds), port_(FreePort()), placing_(side_.io().get_executor()) {
  const std::string scenario = side_.pki().directory() + "/scenario.json";
  std::ofstream(scenario) << kScenario;
  const rpc::TlsFiles files = side_.pki().ForLocalhost();
  subject_ = std::make_unique<Subject>(
      std::vector<std::string>{std::move(binary), fmt::format("--listen=127.0.0.1:{}", port_),
                               "--tls-cert=" + files.cert, "--tls-key=" + files.key,
                               "--ca=" + files.ca, "--scenario=" + scenario, "--log-level=warn"},
      kSubjectCore, "bench-sandbox.log");
  client_ = std::make_unique<http::Client>(side_.io().get_executor(),
                                           *http::TlsContext::ForClient(side_.pki().ca_file()));
}

void SandboxRun::Measure() {
  Spawn(side_.io().get_executor(), "measure", Run());
  side_.io().run();
}

Task<void> SandboxRun::Run() {
  Pace poll(side_.io().get_executor(), kPoll);
  for (int i = 0; i < kPollsMax && subject_->running() && !Listening(port_); ++i) {
    co_await poll.Next();
  }
  Check(subject_->running() && Listening(port_), "a sandbox that serves; see bench-sandbox.log");
  for (int stage = 1; stage <= kStages; ++stage) {
    co_await PlaceUpTo(calls_ * stage / kStages);
    co_await side_.Pass(kSettle);
    const absl::Duration time = stage == kStages ? seconds_ : kStage;
    co_await MeasureStage(time);
  }
  resident_bytes_ = subject_->resident_bytes();
  co_await EndAll();
  const std::string log = co_await Ask("GET", "/sandbox/calls", "");
  verdict_ = side_.peer().ledger().Judge(log);
  side_.io().stop();
}

Task<void> SandboxRun::PlaceUpTo(int calls) {
  Pace ramp(side_.io().get_executor(), kRamp);
  for (; placed_ < calls; ++placed_) {
    placing_.Spawn("place", PlaceOne(placed_));
    co_await ramp.Next();
  }
  co_await placing_.Join();
}

Task<void> SandboxRun::PlaceOne(int number) {
  http::Form form = {{"To", fmt::format("+1415556{:04}", number)},
                     {"From", "+14155550100"},
                     {"Url", side_.Url("https", "/twiml")},
                     {"StatusCallback", side_.Url("https", "/status")}};
  for (const char* event : {"initiated", "ringing", "answered", "completed"}) {
    form.Add("StatusCallbackEvent", event);
  }
  std::string path = fmt::format("/2010-04-01/Accounts/{}/Calls.json", kAccount);
  const std::string placed = co_await Ask("POST", std::move(path), form.Encode());
  boost::system::error_code failed;
  const json::value call = json::parse(placed, failed);
  if (failed || !call.is_object() || !call.get_object().contains("sid")) co_return;
  side_.peer().ledger().NotePlaced(call.at("sid").as_string().c_str());
}

Task<void> SandboxRun::MeasureStage(absl::Duration time) {
  co_await Ask("POST", "/sandbox/load", "");  // A new window.
  side_.Begin(*subject_);
  co_await side_.Pass(time);
  Window window = side_.End(*subject_);
  const std::string answer = co_await Ask("GET", "/sandbox/load", "");
  boost::system::error_code failed;
  const json::value load = json::parse(answer, failed);
  Check(!failed, "the sandbox tells its load");
  const auto late = [&load](std::string_view figure) {
    return absl::Microseconds(load.at("lateness_us").at(figure).to_number<int64_t>());
  };
  window.frames_sent = load.at("frames_sent").to_number<uint64_t>();
  window.late_p50 = late("p50");
  window.late_p99 = late("p99");
  window.late_max = late("max");
  stages_.push_back(window);
}

Task<void> SandboxRun::EndAll() {
  side_.peer().HangUp();
  Pace poll(side_.io().get_executor(), kPoll);
  for (int i = 0; i < kPollsMax && side_.peer().ledger().ended() < placed_; ++i) {
    co_await poll.Next();
  }
}

Task<std::string> SandboxRun::Ask(std::string method, std::string path, std::string body) {
  const absl::StatusOr<http::Url> url =
      http::Url::Parse(fmt::format("https://localhost:{}{}", port_, path));
  Check(url.ok(), "an address of our own making");
  http::Request request(std::move(method), *url);
  std::string credentials;
  absl::Base64Escape(fmt::format("{}:{}", kAccount, kToken), &credentials);
  request.headers = {{"authorization", "Basic " + credentials},
                     {"content-type", "application/x-www-form-urlencoded"}};
  request.body = std::move(body);
  http::Limits limits;
  limits.body_bytes_max = 64 << 20;
  absl::StatusOr<http::Response> response = co_await client_->Send(request, limits);
  co_return response.ok() && response->status < 300 ? response->body : "";
}

BareRun::BareRun(std::string binary, int calls, absl::Duration seconds)
    : calls_(calls), seconds_(seconds) {
  subject_ = std::make_unique<Subject>(
      std::vector<std::string>{std::move(binary), "pace", side_.Url("wss", "/stream"),
                               side_.pki().ca_file(), std::to_string(calls),
                               std::to_string(absl::ToInt64Seconds(seconds))},
      kSubjectCore, kPacerLog);
}

void BareRun::Measure() {
  Spawn(side_.io().get_executor(), "measure", Run());
  side_.io().run();
}

Task<void> BareRun::Run() {
  Pace poll(side_.io().get_executor(), kPoll);
  while (side_.peer().counts().live < calls_ && subject_->running()) co_await poll.Next();
  co_await side_.Pass(absl::Milliseconds(500));
  side_.Begin(*subject_);
  co_await side_.Pass(seconds_ - absl::Seconds(1));
  window_ = side_.End(*subject_);
  for (int i = 0; i < kPollsMax && subject_->running(); ++i) {
    co_await poll.Next();
  }
  unsigned long long sent = 0;
  long long p50 = 0, p99 = 0, max = 0;
  const std::string log = ReadFile(kPacerLog);
  const size_t at = log.find("sent ");
  Check(at != std::string::npos &&
            std::sscanf(log.c_str() + at, "sent %llu p50_us %lld p99_us %lld max_us %lld", &sent,
                        &p50, &p99, &max) == 4,
        "a pacer that tells what it did; see bench-pacer.log");
  window_.frames_sent = sent;
  window_.late_p50 = absl::Microseconds(p50);
  window_.late_p99 = absl::Microseconds(p99);
  window_.late_max = absl::Microseconds(max);
  side_.io().stop();
}

}  // namespace latchkey::bench
