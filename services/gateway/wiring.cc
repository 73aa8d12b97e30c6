#include "services/gateway/wiring.h"

#include <cstdlib>
#include <iostream>

#include "lib/base/log.h"

namespace latchkey::gateway {
namespace {

constexpr absl::Duration kStopGrace = absl::Seconds(5);
constexpr int kExitBadSettings = 2;

[[noreturn]] void Refuse(const absl::Status& status) {
  std::cerr << "latchkey-gateway cannot start: " << status.message() << std::endl;
  std::exit(kExitBadSettings);
}

http::ServerOptions ApiOptions(const Config& config) {
  http::ServerOptions options;
  options.listen = config.Text("api-listen");
  if (config.Text("api-tls-cert").empty()) return options;
  absl::StatusOr<http::TlsContext> tls =
      http::TlsContext::ForServer(config.Text("api-tls-cert"), config.Text("api-tls-key"));
  if (!tls.ok()) Refuse(tls.status());
  options.tls = *std::move(tls);
  return options;
}

}  // namespace

Service::Service(const Config& config, rpc::Host& host)
    : keyvault_(host.peers(), "keyvault", config.Text("keyvault")),
      orchestrator_(host.peers(), "orchestrator", config.Text("orchestrator")),
      dialer_(host.peers(), "dialer", config.Text("dialer")),
      billing_(host.peers(), "billing", config.Text("billing")),
      keys_(keyvault_, random_),
      tenants_(orchestrator_, dialer_, random_),
      calls_(dialer_, orchestrator_, billing_),
      front_(orchestrator_, keys_, tenants_, calls_) {
  absl::StatusOr<std::unique_ptr<http::Server>> api =
      http::Server::Listen(host.io().get_executor(), ApiOptions(config), front_);
  if (!api.ok()) Refuse(api.status());
  api_ = *std::move(api);
  log::Info("api listening",
            {{"port", api_->port()}, {"tls", !config.Text("api-tls-cert").empty()}});
  host.OnDrain([this] { return api_->Stop(kStopGrace); });
}

}  // namespace latchkey::gateway
