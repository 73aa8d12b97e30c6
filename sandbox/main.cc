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
#include "sandbox/scenarios/demo_scenario.h"
#include "sandbox/self_signed.h"
#include "sandbox/wiring.h"

namespace latchkey::sandbox {
namespace {

constexpr Setting kSettings[] = {
    {"listen", "127.0.0.1:0", "Where every provider's API is served; port 0 takes a free one.",
     Setting::kAddress},
    {"tls-self-signed", "",
     "Folder for a certificate that is made for you, and the CA that clients must trust.",
     Setting::kText},
    {"tls-cert", "", "Certificate chain that is served (PEM), if you have one.", Setting::kFile},
    {"tls-key", "", "Its private key (PEM).", Setting::kFile},
    {"ca", "", "Certificates trusted for callbacks and media streams, beside the system's (PEM).",
     Setting::kFile},
    {"scenario", "", "File with the scenario that is played; without one, the demo's is.",
     Setting::kFile},
    {"port-file", "", "File to which the port is written once it is served.", Setting::kText},
    {"speech-threads", "3", "Threads for speech.", Setting::kInteger},
    {"log-level", "info", "Least level that is logged: info, warn or error.", Setting::kText},
};

constexpr std::string_view kSummary =
    R"(stands in for Anthropic, Cartesia, Deepgram, OpenAI, Twilio and Exotel,
and for the people who are called. It speaks their own protocols, over TLS, with real speech.

  Start it alone:
    latchkey-sandbox --listen=127.0.0.1:8443 --tls-self-signed=/tmp/sandbox

  It says which file clients must trust. Then point a client at it by its base URL:
    curl --cacert /tmp/sandbox/ca.pem https://localhost:8443/livez
    ANTHROPIC_BASE_URL=https://localhost:8443 NODE_EXTRA_CA_CERTS=/tmp/sandbox/ca.pem node app.js

  Which keys work, who answers at which number, what is said and what goes wrong is a scenario:
  one JSON file with comments. --scenario=FILE plays yours; sandbox/scenarios has examples.

  Open https://localhost:8443/ to watch the calls, listen to them, and let something fail.
  Calls place callbacks and media streams to http, https, ws and wss addresses alike.
  docs/sandbox.md explains all of it.)";

absl::StatusOr<Scenario> ReadScenario(const std::string& path) {
  if (path.empty()) return ParseScenario(DemoScenario());
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

// Nobody else told the person who started it alone.
void Explain(const Sandbox& sandbox, const std::string& folder) {
  fmt::print(R"(
The sandbox serves https://localhost:{0}   Its page: https://localhost:{0}/
Clients must trust {1}/ca.pem:
  curl    --cacert {1}/ca.pem https://localhost:{0}/livez
  Node    export NODE_EXTRA_CA_CERTS={1}/ca.pem
  Python  export SSL_CERT_FILE={1}/ca.pem
docs/sandbox.md says how each SDK is pointed here. The scenario's file has the keys and numbers.

)",
             sandbox.port(), folder);
  std::fflush(stdout);
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
    const std::string folder = config.Text("tls-self-signed");
    if (!folder.empty()) Explain(sandbox, folder);
    boost::system::error_code woken;
    co_await signals.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    exit_code = 0;
  } else {
    log::Error("port file cannot be written", {{"path", config.Text("port-file")}});
  }
  co_await sandbox.Stop();
}

// The certificate that was made or the one that was given.
absl::StatusOr<SelfSigned> Certificate(const Config& config) {
  if (!config.Text("tls-self-signed").empty()) {
    return MakeSelfSigned(config.Text("tls-self-signed"));
  }
  SelfSigned given{"", config.Text("tls-cert"), config.Text("tls-key")};
  if (!given.cert.empty() && !given.key.empty()) return given;
  return Error(absl::StatusCode::kInvalidArgument, "bad_settings",
               "Give --tls-self-signed=FOLDER, or --tls-cert and --tls-key; see --help.");
}

log::Level LevelOf(const std::string& name) {
  if (name == "warn") return log::Level::kWarn;
  return name == "error" ? log::Level::kError : log::Level::kInfo;
}

int Run(const Config& config) {
  absl::StatusOr<Scenario> scenario = ReadScenario(config.Text("scenario"));
  absl::StatusOr<http::TlsContext> client_tls = http::TlsContext::ForClient(config.Text("ca"));
  const absl::StatusOr<SelfSigned> certificate = Certificate(config);
  for (const absl::Status& status :
       {scenario.status(), client_tls.status(), certificate.status()}) {
    if (status.ok()) continue;
    fmt::print(stderr, "latchkey-sandbox: {}\n", Message(status));
    return 2;
  }
  SandboxOptions options;
  options.listen = config.Text("listen");
  options.tls_cert = certificate->cert;
  options.tls_key = certificate->key;
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
      argc, argv, latchkey::sandbox::kSummary, latchkey::sandbox::kSettings);
  latchkey::log::Start("sandbox", latchkey::sandbox::LevelOf(config.Text("log-level")));
  return latchkey::sandbox::Run(config);
}
