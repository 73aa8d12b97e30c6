// latchkey-sandbox: stands in for the providers, the carrier and the people on the phone.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "lib/base/config.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "sandbox/wiring.h"

namespace latchkey::sandbox {
namespace {

constexpr Setting kSettings[] = {
    {"listen", "127.0.0.1:0", "Where every provider's API is served; port 0 takes a free one.",
     Setting::kAddress},
    {"tls-cert", "", "Certificate chain that is served (PEM).", Setting::kFile, Setting::kRequired},
    {"tls-key", "", "Its private key (PEM).", Setting::kFile, Setting::kRequired},
    {"ca", "", "Certificates trusted for callbacks and media streams, beside the system's (PEM).",
     Setting::kFile},
    {"scenario", "", "The scenario that is played; sandbox/scenarios/demo.json is one.",
     Setting::kFile, Setting::kRequired},
    {"port-file", "", "File to which the port is written once it is served.", Setting::kText},
    {"speech-threads", "3", "Threads for speech.", Setting::kInteger},
};

absl::StatusOr<Scenario> ReadScenario(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return Error(absl::StatusCode::kFailedPrecondition, "bad_scenario",
                 fmt::format("The scenario {} cannot be read.", path));
  }
  return ParseScenario(text.str());
}

// Written whole or not at all: somebody is waiting for it.
bool WritePort(const std::string& path, uint16_t port) {
  if (path.empty()) return true;
  const std::string unfinished = path + ".new";
  std::ofstream file(unfinished);
  file << port << '\n';
  file.close();
  return file && std::rename(unfinished.c_str(), path.c_str()) == 0;
}

Task<void> Serve(Sandbox& sandbox, const Config& config, int& exit_code) {
  exit_code = 1;
  absl::Status started = co_await sandbox.Start();
  if (!started.ok()) {
    log::Error("sandbox cannot start", {{"error", started}});
    co_return;
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::signal_set signals(executor, SIGINT, SIGTERM);
  if (WritePort(config.Text("port-file"), sandbox.port())) {
    log::Info("sandbox serving",
              {{"port", sandbox.port()}, {"scenario", sandbox.stage().scenario()->name}});
    boost::system::error_code woken;
    co_await signals.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    exit_code = 0;
  } else {
    log::Error("port file cannot be written", {{"path", config.Text("port-file")}});
  }
  co_await sandbox.Stop();
}

int Run(const Config& config) {
  absl::StatusOr<Scenario> scenario = ReadScenario(config.Text("scenario"));
  absl::StatusOr<http::TlsContext> client_tls = http::TlsContext::ForClient(config.Text("ca"));
  for (const absl::Status& status : {scenario.status(), client_tls.status()}) {
    if (status.ok()) continue;
    fmt::print(stderr, "latchkey-sandbox: {}\n", Message(status));
    return 2;
  }
  SandboxOptions options;
  options.listen = config.Text("listen");
  options.tls_cert = config.Text("tls-cert");
  options.tls_key = config.Text("tls-key");
  options.speech_threads = static_cast<size_t>(config.Integer("speech-threads"));
  boost::asio::io_context io(1);
  Sandbox sandbox(io.get_executor(), *std::move(scenario), options, *std::move(client_tls));
  int exit_code = 0;
  Spawn(io.get_executor(), "serve", Serve(sandbox, config, exit_code));
  io.run();
  return exit_code;
}

}  // namespace
}  // namespace latchkey::sandbox

int main(int argc, char** argv) {
  const latchkey::Config config = latchkey::Config::ParseOrExit(
      argc, argv,
      "Stands in for Anthropic, Deepgram, Cartesia and Twilio, and for the people who are called.",
      latchkey::sandbox::kSettings);
  latchkey::log::Start("sandbox");
  return latchkey::sandbox::Run(config);
}
