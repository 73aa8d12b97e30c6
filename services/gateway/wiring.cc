#include "services/gateway/wiring.h"

#include <cstdlib>
#include <iostream>

#include "absl/time/clock.h"
#include "lib/base/log.h"

namespace latchkey::gateway {
namespace {

constexpr absl::Duration kStopGrace = absl::Seconds(5);
constexpr int kExitBadSettings = 2;

[[noreturn]] void Refuse(const absl::Status& status) {
  std::cerr << "latchkey-gateway cannot start: " << status.message() << std::endl;
  std::exit(kExitBadSettings);
}

}  // namespace

Service::Service(const Config& config, rpc::Host& host)
    : keyvault_(host.peers(), "keyvault", config.Text("keyvault")),
      orchestrator_(host.peers(), "orchestrator", config.Text("orchestrator")),
      dialer_(host.peers(), "dialer", config.Text("dialer")),
      billing_(host.peers(), "billing", config.Text("billing")),
      sealer_(keyvault_),
      keys_(keyvault_, sealer_, random_),
      number_keys_(orchestrator_, keyvault_, sealer_, random_),
      signing_(keyvault_, random_),
      tenants_(orchestrator_, dialer_, random_),
      calls_(dialer_, orchestrator_, billing_),
      inbound_(orchestrator_, dialer_),
      front_(orchestrator_, keys_, number_keys_, signing_, tenants_, calls_, inbound_) {
  Listen(config, host);
  log::Info("api listening",
            {{"port", api_->port()}, {"tls", !config.Text("api-tls-cert").empty()}});
  host.OnDrain([this] { return api_->Stop(kStopGrace); });
}

void Service::Listen(const Config& config, rpc::Host& host) {
  http::ServerOptions options;
  options.listen = config.Text("api-listen");
  const tls::CertificateFiles files{
      .cert = config.Text("api-tls-cert"), .key = config.Text("api-tls-key"), .ca = ""};
  if (!files.cert.empty()) {
    absl::StatusOr<tls::Certificate> certificate = tls::LoadCertificate(files, absl::Now());
    if (!certificate.ok()) Refuse(certificate.status());
    options.tls = http::TlsContext::ForServer(*certificate);
    host.WatchCertificate("api", files, *certificate, [this](const tls::Certificate& renewed) {
      api_->Renew(http::TlsContext::ForServer(renewed));
      return absl::OkStatus();
    });
  }
  absl::StatusOr<std::unique_ptr<http::Server>> api =
      http::Server::Listen(host.io().get_executor(), options, front_);
  if (!api.ok()) Refuse(api.status());
  api_ = *std::move(api);
}

}  // namespace latchkey::gateway
