// Tenant API: onboarding, numbers and their agents, the DNC list, and events.
#pragma once

#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/base/random.h"
#include "lib/rpc/client.h"
#include "services/gateway/adapters/api_request.h"

namespace latchkey::gateway {

// Lives on the io thread. The clients and the random source outlive it.
class TenantApi {
 public:
  TenantApi(rpc::Client<orchestrator::v1::Orchestrator>& orchestrator,
            rpc::Client<dialer::v1::Dialer>& dialer, Random& random)
      : orchestrator_(orchestrator), dialer_(dialer), random_(random) {}

  Task<absl::StatusOr<Reply>> GetOnboarding(const ApiRequest& request);
  // Body: {"mode": "byok" | "bundled"}.
  Task<absl::StatusOr<Reply>> SetMode(const ApiRequest& request);
  Task<absl::StatusOr<Reply>> CompleteOnboarding(const ApiRequest& request);

  Task<absl::StatusOr<Reply>> ListNumbers(const ApiRequest& request);
  Task<absl::StatusOr<Reply>> GetNumber(const ApiRequest& request);
  // Body: {"e164": "+1…", "carrier": "twilio", "agent": {…}}.
  Task<absl::StatusOr<Reply>> CreateNumber(const ApiRequest& request);
  // Body: the agent's settings, all of them.
  Task<absl::StatusOr<Reply>> UpdateNumber(const ApiRequest& request);

  Task<absl::StatusOr<Reply>> AddDnc(const ApiRequest& request);
  Task<absl::StatusOr<Reply>> RemoveDnc(const ApiRequest& request);

  // Query: pageSize, pageToken.
  Task<absl::StatusOr<Reply>> ListEvents(const ApiRequest& request);

 private:
  rpc::Client<orchestrator::v1::Orchestrator>& orchestrator_;
  rpc::Client<dialer::v1::Dialer>& dialer_;
  Random& random_;
};

}  // namespace latchkey::gateway
