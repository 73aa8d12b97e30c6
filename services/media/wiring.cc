#include "services/media/wiring.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/time/clock.h"
#include "latchkey/media/v1/media.grpc.pb.h"
#include "lib/base/error.h"
#include "lib/base/id.h"
#include "lib/base/log.h"
#include "lib/base/random.h"
#include "lib/rpc/identity.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// What is left of the drain for hang-ups, records and leases once the calls are told to end.
constexpr absl::Duration kEndingTime = absl::Seconds(4);
// A callback has some 1 kB; frames of a media stream are no bodies.
constexpr size_t kCarrierBodyBytesMax = 64 * 1024;
constexpr absl::Duration kDrainPoll = absl::Milliseconds(50);

template <typename T>
T OrExit(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::fputs((Message(value.status()) + "\n").c_str(), stderr);
  std::exit(2);
}

http::Url UrlOf(const Config& config, std::string_view name) {
  return OrExit(http::Url::Parse(config.Text(name)));
}

Addresses AddressesOf(const Config& config) {
  return {.anthropic = UrlOf(config, "anthropic-url"),
          .cartesia = UrlOf(config, "cartesia-url"),
          .deepgram = UrlOf(config, "deepgram-url"),
          .openai = UrlOf(config, "openai-url"),
          .twilio = UrlOf(config, "twilio-url"),
          .public_url = UrlOf(config, "public-url"),
          .instance = config.Text("instance")};
}

http::TlsContext ProviderTls(const Config& config) {
  http::TlsContext tls = OrExit(http::TlsContext::ForClient(config.Text("provider-ca")));
  tls.RequireBoundKeys();
  return tls;
}

provider::KeyHosts KeyHostsOf(const Addresses& addresses) {
  provider::KeyHosts hosts;
  hosts.Name(Provider::kAnthropic, addresses.anthropic.host());
  hosts.Name(Provider::kCartesia, addresses.cartesia.host());
  hosts.Name(Provider::kDeepgram, addresses.deepgram.host());
  hosts.Name(Provider::kOpenai, addresses.openai.host());
  hosts.Name(Provider::kTwilio, addresses.twilio.host());
  return hosts;
}

std::string SpiffeId(const Config& config) {
  return rpc::Identity{.service = "media", .instance = config.Text("instance")}.SpiffeId();
}

std::string Incarnation() {
  SystemRandom random;
  return MakeIdText("", random);
}

}  // namespace

Service::Service(const Config& config, rpc::Host& host)
    : host_(host),
      addresses_(AddressesOf(config)),
      provider_tls_(ProviderTls(config)),
      drain_timeout_(config.Duration("drain-timeout")),
      incarnation_(Incarnation()),
      dialer_(host.peers(), "dialer", config.Text("dialer")),
      orchestrator_(host.peers(), "orchestrator", config.Text("orchestrator")),
      keyvault_(host.peers(), "keyvault", config.Text("keyvault")),
      events_(host.io().get_executor(), orchestrator_),
      recordings_(config.Text("recordings"), config.Text("instance")),
      switchboard_(host.io().get_executor(), static_cast<int>(config.Integer("capacity"))),
      leases_(host.io().get_executor(), keyvault_, SpiffeId(config), KeyHostsOf(addresses_),
              [this](const std::string& call_id, std::string_view reason) {
                switchboard_.LoseKeys(call_id, reason);
              }),
      threads_(static_cast<size_t>(config.Integer("io-threads"))),
      http_(host.io().get_executor(), provider_tls_),
      heartbeat_(dialer_, switchboard_, incarnation_),
      loops_(host.io().get_executor()),
      event_loop_(host.io().get_executor()) {
  recordings_.RepairOwn();
  AddRooms();
  ListenToCarriers(config);
  using Methods = v1::Media::AsyncService;
  host.Serve<v1::Media>(grpc_)
      .Unary(&Methods::RequestStartCall, &GrpcService::StartCall)
      .Unary(&Methods::RequestConfigureNumber, &GrpcService::ConfigureNumber)
      .Unary(&Methods::RequestEndCall, &GrpcService::EndCall)
      .Unary(&Methods::RequestSettleCall, &GrpcService::SettleCall);
  const std::string listen = config.Text("listen");
  Spawn(host.io().get_executor(), "media begin",
        Begin(config.Text("advertise"), listen.substr(0, listen.rfind(':'))));
  host.OnDrain([this] { return Drain(); });
}

Service::~Service() {
  // The rooms outlive what runs on their threads, and go before the contexts that they live on.
  threads_.Join();
  switchboard_.RemoveRooms();
}

int Service::carrier_port() const { return carrier_server_->port(); }

void Service::AddRooms() {
  for (size_t i = 0; i < threads_.size(); ++i) {
    switchboard_.AddRoom(std::make_unique<CallRoom>(CallRoom::Ports{
        .executor = threads_.executor(i),
        .tls = provider_tls_,
        .leases = leases_,
        .recordings = recordings_,
        .reports = reports_,
        .log = events_,
        .addresses = addresses_,
        .orchestrator = orchestrator_,
        .on_token = [this](const std::string& token,
                           const std::string& call_id) { switchboard_.PostToken(token, call_id); },
        .on_over = [this](const std::string& call_id) { switchboard_.PostOver(call_id); }}));
  }
}

void Service::ListenToCarriers(const Config& config) {
  http::ServerOptions options;
  options.listen = config.Text("carrier-listen");
  options.body_bytes_max = kCarrierBodyBytesMax;
  const tls::CertificateFiles files{
      .cert = config.Text("carrier-cert"), .key = config.Text("carrier-key"), .ca = ""};
  if (!files.cert.empty()) {
    const tls::Certificate certificate = OrExit(tls::LoadCertificate(files, absl::Now()));
    options.tls = http::TlsContext::ForServer(certificate);
    host_.WatchCertificate("carrier", files, certificate, [this](const tls::Certificate& renewed) {
      carrier_server_->Renew(http::TlsContext::ForServer(renewed));
      return absl::OkStatus();
    });
  }
  carrier_server_ = OrExit(http::Server::Listen(host_.io().get_executor(), options, door_));
  log::Info("carriers are listened to",
            {{"port", carrier_server_->port()}, {"instance", addresses_.instance}});
}

// Runs with the host, when its port is known.
Task<void> Service::Begin(std::string advertised, std::string listen_host) {
  if (advertised.empty()) advertised = fmt::format("{}:{}", listen_host, host_.port());
  heartbeat_.SetAddress(std::move(advertised));
  loops_.Spawn("media heartbeat", heartbeat_.Run());
  loops_.Spawn("media lease renewal", leases_.Run());
  loops_.Spawn("media revocations", leases_.Watch());
  event_loop_.Spawn("media event log", events_.Run());
  co_return;
}

// New calls are refused, live ones get the drain's time, then they are ended.
Task<void> Service::Drain() {
  switchboard_.Drain();
  SystemClock clock;
  const absl::Time until = clock.Now() + drain_timeout_ - kEndingTime;
  while (switchboard_.live() > 0 && clock.Now() < until) co_await clock.Sleep(kDrainPoll);
  switchboard_.EndAll(std::string(reasons::kDrained));
  const absl::Time last = clock.Now() + kEndingTime;
  while (switchboard_.live() > 0 && clock.Now() < last) co_await clock.Sleep(kDrainPoll);
  loops_.Cancel();
  co_await loops_.Join();
  event_loop_.Cancel();
  co_await event_loop_.Join();
  co_await events_.Flush();
  co_await carrier_server_->Stop(absl::Seconds(1));
}

}  // namespace latchkey::media
