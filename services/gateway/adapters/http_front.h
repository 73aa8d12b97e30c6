// HTTP front: takes a request to its operation, and the operation's answer back.
#pragma once

#include "lib/http/server.h"
#include "lib/rpc/client.h"
#include "services/gateway/adapters/api_request.h"
#include "services/gateway/adapters/calls_api.h"
#include "services/gateway/adapters/inbound_api.h"
#include "services/gateway/adapters/keys_api.h"
#include "services/gateway/adapters/number_keys_api.h"
#include "services/gateway/adapters/signing_api.h"
#include "services/gateway/adapters/tenant_api.h"

namespace latchkey::gateway {

// Every request: find the route, authenticate, run the operation, answer; each failure becomes the
// API's error body. Lives on the io thread; all that it is given outlives it.
class HttpFront final : public http::Handler {
 public:
  HttpFront(rpc::Client<orchestrator::v1::Orchestrator>& orchestrator, KeysApi& keys,
            NumberKeysApi& number_keys, SigningApi& signing, TenantApi& tenants, CallsApi& calls,
            InboundApi& inbound)
      : orchestrator_(orchestrator),
        keys_(keys),
        number_keys_(number_keys),
        signing_(signing),
        tenants_(tenants),
        calls_(calls),
        inbound_(inbound) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;
  bool HoldsKey(std::string_view method, std::string_view path) const override;

 private:
  Task<absl::StatusOr<ApiRequest>> Accept(const http::ServerRequest& request);
  Task<absl::StatusOr<orchestrator::v1::Tenant>> Authenticate(const http::ServerRequest& request);
  Task<absl::StatusOr<Reply>> Run(ApiRequest& request);
  Task<absl::StatusOr<Reply>> RunKeys(ApiRequest& request);
  Task<absl::StatusOr<Reply>> PutKey(ApiRequest& request);
  Task<absl::StatusOr<Reply>> CreateNumber(const ApiRequest& request);
  Task<void> Stream(const ApiRequest& request, http::Responder& responder);

  rpc::Client<orchestrator::v1::Orchestrator>& orchestrator_;
  KeysApi& keys_;
  NumberKeysApi& number_keys_;
  SigningApi& signing_;
  TenantApi& tenants_;
  CallsApi& calls_;
  InboundApi& inbound_;
};

}  // namespace latchkey::gateway
