// What gateway is made of, in the order in which it starts.
#pragma once

#include <memory>

#include "lib/base/config.h"
#include "lib/base/random.h"
#include "lib/http/server.h"
#include "lib/rpc/client.h"
#include "lib/rpc/host.h"
#include "services/gateway/adapters/http_front.h"

namespace latchkey::gateway {

class Service {
 public:
  // Ends the process with a sentence and code 2 when the API cannot listen.
  Service(const Config& config, rpc::Host& host);

 private:
  void Listen(const Config& config, rpc::Host& host);

  SystemRandom random_;
  rpc::Client<keyvault::v1::KeyVault> keyvault_;
  rpc::Client<orchestrator::v1::Orchestrator> orchestrator_;
  rpc::Client<dialer::v1::Dialer> dialer_;
  rpc::Client<billing::v1::Billing> billing_;
  KeySealer sealer_;
  KeysApi keys_;
  NumberKeysApi number_keys_;
  SigningApi signing_;
  TenantApi tenants_;
  CallsApi calls_;
  InboundApi inbound_;
  HttpFront front_;
  std::unique_ptr<http::Server> api_;
};

}  // namespace latchkey::gateway
