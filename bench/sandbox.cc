// latchkey-bench-sandbox: how many calls the sandbox paces, how late it is, and whether its log is
// exact; beside bare sockets that are sent the same frames.
//
//   latchkey-bench-sandbox carrier SANDBOX_BINARY CALLS SECONDS
//   latchkey-bench-sandbox bare OWN_BINARY CALLS SECONDS
//   latchkey-bench-sandbox pace PEER_URL CA CALLS SECONDS      what `bare` measures
//
// What paces runs on core 1, what answers on core 0. Prints `sandbox.<variant>.<figure>: value`
// lines; the carrier's variant is called load. `scripts/bench sandbox` runs both.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/load/bare_pacer.h"
#include "bench/load/core_usage.h"
#include "bench/load/sandbox_run.h"
#include "bench/load/subject.h"
#include "lib/base/check.h"
#include "lib/base/log.h"

namespace latchkey::bench {
namespace {

void Line(const char* variant, const char* figure, const std::string& value) {
  std::printf("sandbox.%s.%s: %s\n", variant, figure, value.c_str());
}

std::string InMs(absl::Duration time) {
  return fmt::format("{:.2f}", absl::ToDoubleMilliseconds(time));
}

void Print(const char* variant, const Window& window) {
  Line(variant, "calls", std::to_string(window.calls));
  Line(variant, "frames_sent", std::to_string(window.frames_sent));
  Line(variant, "frames_arrived", std::to_string(window.frames_arrived));
  Line(variant, "agent_frames_sent", std::to_string(window.agent_frames));
  Line(variant, "lateness_p50_ms", InMs(window.late_p50));
  Line(variant, "lateness_p99_ms", InMs(window.late_p99));
  Line(variant, "lateness_max_ms", InMs(window.late_max));
  Line(variant, "core_used", fmt::format("{:.2f}", window.subject_cores));
  Line(variant, "peer_core_used", fmt::format("{:.2f}", window.peer_cores));
  Line(variant, "core_waited_for", fmt::format("{:.2f}", window.waited_cores));
  Line(variant, "core_stolen", fmt::format("{:.2f}", window.stolen_cores));
}

void MeasureCarrier(const std::string& binary, int calls, absl::Duration seconds) {
  SandboxRun run(binary, calls, seconds);
  run.Measure();
  Print("load", run.last());
  for (const Window& stage : run.stages()) {
    Line("load", "stage",
         fmt::format("{} calls, p99 {} ms, core {:.2f}", stage.calls, InMs(stage.late_p99),
                     stage.subject_cores));
  }
  const CallLedger::Verdict& verdict = run.verdict();
  Line("load", "log_placed", std::to_string(verdict.placed));
  Line("load", "log_answered", std::to_string(verdict.answered));
  Line("load", "log_ended", std::to_string(verdict.ended));
  Line("load", "log_billed_s", std::to_string(verdict.billed_seconds));
  Line("load", "log_mistakes", std::to_string(verdict.mistakes));
  Line("load", "frames_out_of_order", std::to_string(run.peer().counts().gaps));
  Line("load", "resident_mb", std::to_string(run.resident_bytes() >> 20));
  for (const std::string& mistake : verdict.examples) Line("load", "mistake", mistake);
  std::fflush(stdout);
  _exit(0);  // The subject ends with us.
}

void MeasureBare(const std::string& binary, int calls, absl::Duration seconds) {
  BareRun run(binary, calls, seconds);
  run.Measure();
  Print("bare", run.window());
  std::fflush(stdout);
  _exit(0);  // As above.
}

Task<void> Pace(boost::asio::io_context& io, BarePacer& pacer, int calls, absl::Duration seconds) {
  co_await pacer.Open(calls);
  std::printf("open %zu\n", pacer.streams());
  std::fflush(stdout);
  co_await pacer.Send(seconds);
  std::printf("sent %zu p50_us %lld p99_us %lld max_us %lld\n", static_cast<size_t>(pacer.frames()),
              static_cast<long long>(absl::ToInt64Microseconds(pacer.lateness().Quantile(0.50))),
              static_cast<long long>(absl::ToInt64Microseconds(pacer.lateness().Quantile(0.99))),
              static_cast<long long>(absl::ToInt64Microseconds(pacer.lateness_max())));
  std::fflush(stdout);
  co_await pacer.Close();
  io.stop();
}

int RunPacer(char** arguments) {
  const absl::StatusOr<http::Url> url = http::Url::Parse(arguments[0]);
  const absl::StatusOr<http::TlsContext> tls = http::TlsContext::ForClient(arguments[1]);
  Check(url.ok() && tls.ok(), "an address and a certificate of our own making");
  boost::asio::io_context io(1);
  BarePacer pacer(io.get_executor(), *tls, *url);
  Spawn(io.get_executor(), "pace",
        Pace(io, pacer, std::atoi(arguments[2]), absl::Seconds(std::atoi(arguments[3]))));
  io.run();
  return 0;
}

}  // namespace
}  // namespace latchkey::bench

int main(int argc, char** argv) {
  using namespace latchkey;
  const std::string variant = argc > 1 ? argv[1] : "";
  const bool pace = variant == "pace" && argc == 6;
  if (!pace && !((variant == "carrier" || variant == "bare") && argc == 5)) {
    std::fprintf(stderr, "usage: latchkey-bench-sandbox carrier|bare BINARY CALLS SECONDS\n");
    return 2;
  }
  log::Start("bench", log::Level::kWarn);
  if (pace) return bench::RunPacer(argv + 2);
  bench::PinTo(0);
  const absl::Duration seconds = absl::Seconds(std::atoi(argv[4]));
  if (variant == "carrier") bench::MeasureCarrier(argv[2], std::atoi(argv[3]), seconds);
  bench::MeasureBare(argv[2], std::atoi(argv[3]), seconds);
}
