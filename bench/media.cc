// latchkey-bench-media: calls per core of `media`'s two pipelines, each beside a relay without
// logic.
//
//   latchkey-bench-media composed|realtime MEDIA_BINARY CALLS SECONDS
//   latchkey-bench-media composed_relay|realtime_relay RELAY_BINARY CALLS SECONDS
//
// The subject runs on core 1; callers, carrier, providers and the other services on core 0. Every
// leg is TLS. Prints `media.<variant>.<figure>: value` lines. `scripts/bench media` runs both.
#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "bench/load/pace.h"
#include "bench/load/peers.h"
#include "bench/load/subject.h"
#include "bench/load/switchboard.h"
#include "latchkey/media/v1/media.grpc.pb.h"
#include "lib/base/check.h"
#include "lib/base/log.h"
#include "lib/rpc/client.h"
#include "tests/support/pki.h"

namespace latchkey::bench {
namespace {

constexpr int kLoadCore = 0, kSubjectCore = 1;
// Between two calls' starts: no multiple of a frame, so that the calls' frames do not come at once.
constexpr std::chrono::microseconds kRamp(20'730);
constexpr absl::Duration kSettle = absl::Seconds(8);
constexpr double kEnough = 0.70;  // A core less driven than this makes the figure an extrapolation.
constexpr double kShort = 0.92;   // A load generator busier than this was short of CPU.
constexpr absl::Duration kLate = absl::Milliseconds(5);  // So was one whose own frames came later.

struct Setup {
  bool is_realtime() const { return variant.starts_with("realtime"); }
  bool is_relay() const { return variant.ends_with("relay"); }

  std::string variant;
  std::string binary;
  int calls = 150;
  absl::Duration window = absl::Seconds(20);
};

// What one run of one subject showed.
struct Result {
  double subject_cores = 0, load_cores = 0;
  int live = 0;
  int64_t bytes_per_call = 0;
  Readings readings;
  BrokenRules broken;
};

double Cores(absl::Duration cpu, absl::Duration wall) {
  return absl::ToDoubleSeconds(cpu) / absl::ToDoubleSeconds(wall);
}

template <typename Line>
void PrintRules(const Line& line, const Result& result) {
  line("barge_ins", std::to_string(result.readings.clears));
  line("stale_frames", std::to_string(result.broken.stale));
  line("repeated_frames", std::to_string(result.broken.repeated));
  line("foreign_frames", std::to_string(result.broken.foreign));
  line("unanswered_turns", std::to_string(result.broken.unanswered));
}

void Print(const Setup& setup, const Result& result) {
  const auto line = [&setup](const char* figure, const std::string& value) {
    std::printf("media.%s.%s: %s\n", setup.variant.c_str(), figure, value.c_str());
  };
  const auto ms = [](absl::Duration time) {
    return fmt::format("{:.2f}", absl::ToDoubleMilliseconds(time));
  };
  const Readings& r = result.readings;
  const bool extrapolated = result.subject_cores < kEnough;
  line("calls", std::to_string(result.live));
  line("core_used", fmt::format("{:.2f}", result.subject_cores));
  line("calls_per_core", fmt::format("{:.0f}{}", result.live / result.subject_cores,
                                     extrapolated ? " extrapolated" : ""));
  line("bytes_per_call", std::to_string(result.bytes_per_call));
  line("up_added_p50_ms", ms(r.up.Quantile(0.50)));
  line("up_added_p99_ms", ms(r.up.Quantile(0.99)));
  line("down_added_p50_ms", ms(r.down.Quantile(0.50)));
  line("down_added_p99_ms", ms(r.down.Quantile(0.99)));
  line("holding_p99_ms", ms(r.holding.Quantile(0.99)));
  line("frames_up", std::to_string(r.frames_up));
  line("frames_down", std::to_string(r.frames_down));
  if (!setup.is_relay()) PrintRules(line, result);
  line("load_core_used", fmt::format("{:.2f}", result.load_cores));
  line("load_lateness_p99_ms", ms(r.lateness.Quantile(0.99)));
  if (result.load_cores > kShort) {
    line("void", "the load generator was short of CPU; measure with fewer calls");
  } else if (r.lateness.Quantile(0.99) > kLate) {
    line("void", "the load generator's own frames were late; something else runs on this machine");
  }
}

// One run: providers at a TLS address, a subject, calls, a window.
class Run {
 public:
  explicit Run(const Setup& setup) : setup_(setup) {
    Check(absl::StatusOr<http::TlsContext>(http::TlsContext::ForClient(pki_.ca_file())).ok(),
          "a CA that can be read");
    const rpc::TlsFiles files = pki_.ForLocalhost();
    absl::StatusOr<http::TlsContext> server = http::TlsContext::ForServer(files.cert, files.key);
    Check(server.ok(), "a certificate that can be served");
    server_tls_ = *std::move(server);
    http::ServerOptions options;
    options.tls = server_tls_;
    options.body_timeout = absl::Minutes(10);
    auto listening = http::Server::Listen(io_.get_executor(), options, switchboard_);
    Check(listening.ok(), "an address to listen at");
    server_ = *std::move(listening);
    traffic_.interruptions = !setup.is_relay();
  }

  std::string url() const { return fmt::format("https://localhost:{}", server_->port()); }
  Pki& pki() { return pki_; }
  boost::asio::io_context& io() { return io_; }
  Switchboard& switchboard() { return switchboard_; }
  const Setup& setup() const { return setup_; }

  // Waits until the subject answers, starts the calls one by one, and measures the window.
  Task<void> Measure(const Subject& subject, std::function<bool()> ready,
                     std::function<Task<void>(int)> start_call, Result& result) {
    Pace wait(io_.get_executor(), std::chrono::milliseconds(50));
    while (!ready() && subject.running()) co_await wait.Next();
    Check(subject.running(), "a subject that runs; see its log");
    const int64_t idle_bytes = subject.resident_bytes();
    Pace ramp(io_.get_executor(), kRamp);
    for (int call = 0; call < setup_.calls; ++call) {
      co_await start_call(call);
      co_await ramp.Next();
    }
    co_await Pass(kSettle);
    traffic_.readings() = Readings();
    const absl::Duration cpu = subject.cpu_time(), own = OwnCpuTime();
    const absl::Time start = absl::Now();
    co_await Pass(setup_.window);
    const absl::Duration wall = absl::Now() - start;
    result.subject_cores = Cores(subject.cpu_time() - cpu, wall);
    result.load_cores = Cores(OwnCpuTime() - own, wall);
    result.live = traffic_.live_calls;
    result.bytes_per_call =
        (subject.resident_bytes() - idle_bytes) / std::max(1, traffic_.live_calls);
    result.readings = traffic_.readings();
    result.broken = traffic_.broken;
    traffic_.stopping = true;
    io_.stop();
  }

 private:
  Task<void> Pass(absl::Duration time) {
    Pace pace(io_.get_executor(), std::chrono::microseconds(absl::ToInt64Microseconds(time)));
    co_await pace.Next();
  }

  const Setup& setup_;
  Pki pki_;
  boost::asio::io_context io_{1};
  Traffic traffic_;
  http::TlsContext server_tls_ = *http::TlsContext::ForClient(pki_.ca_file());
  Switchboard switchboard_{io_.get_executor(), *http::TlsContext::ForClient(pki_.ca_file()),
                           traffic_};
  std::unique_ptr<http::Server> server_;
};

media::v1::StartCallRequest CallFor(int number, bool realtime) {
  media::v1::StartCallRequest start;
  media::v1::CallSpec& spec = *start.mutable_spec();
  spec.set_call_id(fmt::format("call_load{}", number));
  spec.set_tenant_id("tnt_load");
  spec.set_number_id("num_load");
  spec.set_from("+14155550100");
  spec.set_to("+14155550101");
  spec.set_carrier(type::v1::PROVIDER_TWILIO);
  spec.mutable_agent()->set_system_prompt("You are a receptionist.");
  spec.mutable_agent()->set_first_message("Good morning, how can I help you?");
  spec.mutable_agent()->set_voice_id("voice");
  spec.mutable_agent()->set_pipeline(realtime ? type::v1::PIPELINE_REALTIME
                                              : type::v1::PIPELINE_COMPOSED);
  spec.mutable_agent()->mutable_call_duration_max()->set_seconds(1800);
  type::v1::CallTicket ticket;
  ticket.set_call_id(spec.call_id());
  ticket.set_tenant_id(spec.tenant_id());
  start.mutable_ticket()->set_ticket(ticket.SerializeAsString());
  start.mutable_ticket()->set_signature(std::string(64, 's'));
  return start;
}

Task<void> StartCall(rpc::Client<media::v1::Media>& client, int number, bool realtime) {
  const media::v1::StartCallRequest request = CallFor(number, realtime);
  const rpc::CallOptions options(absl::Seconds(10));
  const absl::StatusOr<media::v1::StartCallResponse> started =
      co_await rpc::Call(client, &media::v1::Media::Stub::PrepareAsyncStartCall, request, options);
  if (!started.ok()) log::Error("call refused", {{"error", started.status()}});
}

std::vector<std::string> MediaArguments(Run& run, const PeerServices& peers,
                                        const std::string& grpc) {
  const rpc::TlsFiles leaf = run.pki().ForService("media/m1");
  const rpc::TlsFiles carrier = run.pki().ForLocalhost();
  const int carrier_port = FreePort();
  return {run.setup().binary,
          "--instance=m1",
          "--io-threads=1",
          "--log-level=warn",
          fmt::format("--capacity={}", run.setup().calls + 10),
          "--listen=" + grpc,
          fmt::format("--carrier-listen=127.0.0.1:{}", carrier_port),
          fmt::format("--public-url=https://localhost:{}", carrier_port),
          "--carrier-cert=" + carrier.cert,
          "--carrier-key=" + carrier.key,
          "--tls-cert=" + leaf.cert,
          "--tls-key=" + leaf.key,
          "--tls-ca=" + leaf.ca,
          "--recordings=" + run.pki().directory(),
          "--provider-ca=" + run.pki().ca_file(),
          "--dialer=" + peers.dialer_address(),
          "--keyvault=" + peers.keyvault_address(),
          "--orchestrator=" + peers.orchestrator_address(),
          "--anthropic-url=" + run.url(),
          "--cartesia-url=" + run.url(),
          "--deepgram-url=" + run.url(),
          "--openai-url=" + run.url(),
          "--twilio-url=" + run.url()};
}

void MeasureMedia(const Setup& setup) {
  Run run(setup);
  PeerServices peers(run.pki());
  const std::string grpc = fmt::format("127.0.0.1:{}", FreePort());
  const Subject subject(MediaArguments(run, peers, grpc), kSubjectCore, "bench-media.log");
  rpc::Peers clients(Loaded(run.pki().ForService("dialer")));
  rpc::Client<media::v1::Media> client(clients, "media/m1", grpc);
  Result result;
  Spawn(run.io().get_executor(), "measure",
        run.Measure(
            subject, [&peers] { return peers.dialer.alive.load(); },
            [&](int call) { return StartCall(client, call, setup.is_realtime()); }, result));
  run.io().run();
  Print(setup, result);
  std::printf("media.%s.troubles: %lld\n", setup.variant.c_str(),
              static_cast<long long>(peers.orchestrator.troubles.load()));
  std::fflush(stdout);
  _exit(0);  // The subject's end cuts every leg; nothing is left to join.
}

Task<void> Dial(Switchboard& switchboard, http::Url url) {
  switchboard.Dial(url);
  co_return;
}

void MeasureRelay(const Setup& setup) {
  Run run(setup);
  const rpc::TlsFiles files = run.pki().ForLocalhost();
  const int port = FreePort();
  const std::string listen = fmt::format("127.0.0.1:{}", port);
  const Subject subject(
      {setup.binary, listen, files.cert, files.key, run.pki().ca_file(), run.url()}, kSubjectCore,
      "bench-relay.log");
  const absl::StatusOr<http::Url> url =
      http::Url::Parse(fmt::format("wss://localhost:{}/{}", port, setup.variant));
  Check(url.ok(), "an address of our own making");
  Result result;
  Spawn(run.io().get_executor(), "measure",
        run.Measure(
            subject, [port] { return Listening(port); },
            [&](int) { return Dial(run.switchboard(), *url); }, result));
  run.io().run();
  Print(setup, result);
  std::fflush(stdout);
  _exit(0);  // As above.
}

}  // namespace
}  // namespace latchkey::bench

int main(int argc, char** argv) {
  using namespace latchkey;
  bench::Setup setup;
  setup.variant = argc == 5 ? argv[1] : "";
  const std::string pipeline = setup.variant.substr(0, setup.variant.find("_relay"));
  if (pipeline != "composed" && pipeline != "realtime") {
    std::fprintf(stderr,
                 "usage: latchkey-bench-media composed|realtime MEDIA_BINARY CALLS SECONDS\n"
                 "       latchkey-bench-media composed_relay|realtime_relay RELAY_BINARY CALLS "
                 "SECONDS\n");
    return 2;
  }
  log::Start("bench", log::Level::kWarn);
  bench::PinTo(bench::kLoadCore);
  setup.binary = argv[2];
  setup.calls = std::atoi(argv[3]);
  setup.window = absl::Seconds(std::atoi(argv[4]));
  if (!setup.is_relay()) bench::MeasureMedia(setup);
  bench::MeasureRelay(setup);
}
