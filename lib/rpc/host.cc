#include "lib/rpc/host.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "lib/base/check.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/spawn.h"
#include "lib/rpc/grpc_server.h"
#include "lib/rpc/process.h"
#include "lib/rpc/readiness.h"
#include "lib/rpc/status_pages.h"

namespace latchkey::rpc {
namespace asio = boost::asio;
namespace {

constexpr absl::Duration kHealthInterval = absl::Seconds(1);
// What is left after drain-timeout for cancelled handlers and hooks to let go.
constexpr absl::Duration kLetGo = absl::Seconds(5);

log::Level LevelOf(const std::string& name) {
  if (name == "debug") return log::Level::kDebug;
  if (name == "warn") return log::Level::kWarn;
  if (name == "error") return log::Level::kError;
  return log::Level::kInfo;
}

HostOptions FromConfig(const Config& config, HostOptions options) {
  options.listen = config.Text("listen");
  options.http_listen = config.Text("http-listen");
  options.tls = {config.Text("tls-cert"), config.Text("tls-key"), config.Text("tls-ca")};
  options.drain_timeout = config.Duration("drain-timeout");
  options.tls_interval = config.Duration("tls-interval");
  options.connection_age = config.Duration("connection-age");
  return options;
}

TlsIdentity LoadOrRefuse(const TlsFiles& files) {
  absl::StatusOr<TlsIdentity> identity = LoadTls(files);
  if (!identity.ok()) Refuse(Message(identity.status()));
  return std::move(*identity);
}

}  // namespace

struct Host::State {
  explicit State(HostOptions host_options)
      : options(std::move(host_options)), identity(LoadOrRefuse(options.tls)), peers(identity) {
    RouteGrpcLog();
    certificates.push_back(std::make_unique<tls::CertificateWatch>(
        options.service, "grpc", options.tls, identity,
        [this](const TlsIdentity& renewed) { return ServeCertificate(renewed); }));
  }

  absl::Status Start();
  void Serve();
  void BeginDrain();
  bool Served() const { return shut_down && live_calls == 0 && hooks.size() == 0; }
  Task<void> WatchHealth();
  Task<void> WatchCertificates();
  absl::Status ServeCertificate(const TlsIdentity& renewed);
  Task<void> WatchSignals();
  Task<void> LimitDrain();
  Task<void> StopPages();

  const HostOptions options;
  const TlsIdentity identity;  // As it was at start.
  SystemClock clock;
  asio::io_context io{1};
  Peers peers;
  int64_t live_calls = 0;  // Waiting and running; see ServerCall.
  std::vector<std::unique_ptr<ServiceBinding>> services;
  Readiness readiness;
  KeyMemoryGauge key_memory{options.service};
  StatusPages pages{io.get_executor(), [this] { return readiness.NotReady(); }};
  std::vector<std::function<Task<void>()>> on_drain;
  std::vector<std::unique_ptr<tls::CertificateWatch>> certificates;
  std::unique_ptr<GrpcServer> server;
  asio::signal_set signals{io};
  Group watches{io.get_executor()};  // Of health, signals, and the drain's limit.
  Group hooks{io.get_executor()};
  std::thread shutdown;  // Blocks in gRPC's Shutdown while the io thread serves the last calls.
  bool handles_signals = false;
  bool draining = false;
  bool shut_down = false;
  bool ended = false;
};

absl::Status Host::State::Start() {
  absl::Status bound = pages.Bind(options.http_listen);
  if (!bound.ok()) return bound;
  absl::StatusOr<std::unique_ptr<GrpcServer>> started =
      GrpcServer::Start({.listen = options.listen,
                         .max_receive_bytes = options.max_receive_bytes,
                         .connection_age = options.connection_age,
                         .connection_grace = options.connection_grace},
                        identity, services);
  if (!started.ok()) return started.status();
  server = std::move(*started);
  pages.Serve();
  watches.Spawn("watch health", WatchHealth());
  watches.Spawn("watch certificates", WatchCertificates());
  if (handles_signals) watches.Spawn("watch signals", WatchSignals());
  log::Info("serving", {{"port", server->port()}, {"http_port", pages.port()}});
  return absl::OkStatus();
}

// Tells gRPC's health service what /readyz says.
Task<void> Host::State::WatchHealth() {
  while (true) {
    const std::vector<std::string> not_ready = co_await readiness.NotReady();
    server->SetServing(not_ready.empty());
    key_memory.Update();
    co_await clock.Sleep(kHealthInterval);
  }
}

Task<void> Host::State::WatchCertificates() {
  while (true) {
    co_await clock.Sleep(options.tls_interval);
    for (const auto& certificate : certificates) certificate->Look(clock.Now());
  }
}

// Tickets and sealed leases are bound to who this process is; it cannot become somebody else.
absl::Status Host::State::ServeCertificate(const TlsIdentity& renewed) {
  if (renewed.uris != identity.uris) {
    return Error(absl::StatusCode::kFailedPrecondition, "bad_certificate",
                 "The new certificate names another identity than the one before.");
  }
  server->Renew(renewed);
  peers.Renew(renewed);
  return absl::OkStatus();
}

Task<void> Host::State::WatchSignals() {
  boost::system::error_code error;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (!error) BeginDrain();
}

Task<void> Host::State::LimitDrain() {
  co_await clock.Sleep(options.drain_timeout + kLetGo);
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return;  // It did.
  log::Error("the drain did not end in time; leaving", {{"calls", live_calls}});
  std::_Exit(1);
}

void Host::State::BeginDrain() {
  if (draining) return;
  draining = true;
  log::Info("draining", {{"limit_ms", options.drain_timeout}});
  readiness.Drain();
  watches.Cancel();
  server->SetServing(false);
  for (const auto& hook : on_drain) hooks.Spawn("drain hook", hook());
  shutdown = std::thread([this] {
    server->Shutdown(absl::Now() + options.drain_timeout);
    asio::post(io, [this] { shut_down = true; });
  });
  watches.Spawn("limit drain", LimitDrain());
}

Task<void> Host::State::StopPages() {
  watches.Cancel();
  co_await watches.Join();
  co_await pages.Stop();
  ended = true;
}

// The io thread's whole life: until every call and hook has ended after a drain.
void Host::State::Serve() {
  const auto work = asio::make_work_guard(io);
  while (!Served()) io.run_one();
  shutdown.join();
  server.reset();
  Spawn(io.get_executor(), "stop status pages", StopPages());
  while (!ended) io.run_one();
}

Host::Host(const Config& config, HostOptions options) {
  const std::string revealing = RevealingVariable();
  if (!revealing.empty()) {
    Refuse(revealing + " is set, and prints what must stay secret. Unset it and start again.");
  }
  HardenProcess();
  log::Start(options.service, LevelOf(config.Text("log-level")));
  PrepareKeyMemory(config.Bool("lock-memory"));
  state_ = std::make_unique<State>(FromConfig(config, std::move(options)));
  state_->signals.add(SIGTERM);
  state_->signals.add(SIGINT);
  state_->handles_signals = true;
}

Host::Host(HostOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Host::~Host() { Check(state_->server == nullptr, "a started host was Run() to its end"); }

asio::io_context& Host::io() { return state_->io; }

Peers& Host::peers() { return state_->peers; }

ServiceBinding& Host::NewService(std::string_view full_name,
                                 std::unique_ptr<grpc::Service> service) {
  Check(state_->server == nullptr, "services are registered before Start()");
  state_->services.push_back(
      std::make_unique<ServiceBinding>(full_name, std::move(service), state_->options.service,
                                       state_->io.get_executor(), &state_->live_calls));
  return *state_->services.back();
}

void Host::AddReadiness(std::string name, std::function<Task<absl::Status>()> check) {
  state_->readiness.Add(std::move(name), std::move(check));
}

void Host::WatchCertificate(std::string name, tls::CertificateFiles files, tls::Certificate served,
                            tls::CertificateWatch::Serve serve) {
  state_->certificates.push_back(std::make_unique<tls::CertificateWatch>(
      state_->options.service, std::move(name), std::move(files), std::move(served),
      std::move(serve)));
}

void Host::OnDrain(std::function<Task<void>()> hook) {
  state_->on_drain.push_back(std::move(hook));
}

absl::Status Host::Start() { return state_->Start(); }

int Host::port() const { return state_->server->port(); }

int Host::http_port() const { return state_->pages.port(); }

int Host::Run() {
  if (state_->server == nullptr) {
    absl::Status started = Start();
    if (!started.ok()) Refuse(Message(started));
  }
  state_->Serve();
  log::Info("ended");
  return 0;
}

void Host::Stop() {
  asio::post(state_->io, [state = state_.get()] { state->BeginDrain(); });
}

}  // namespace latchkey::rpc
