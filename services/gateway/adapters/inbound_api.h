// Inbound API: tells carriers that the calls of tenants' numbers come to us.
#pragma once

#include <string>

#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/base/clock.h"
#include "lib/rpc/client.h"
#include "services/gateway/adapters/api_request.h"
#include "services/gateway/adapters/number_round.h"

namespace latchkey::gateway {

// Lives on the io thread. The clients outlive it.
class InboundApi final : private NumberPeers {
 public:
  InboundApi(rpc::Client<orchestrator::v1::Orchestrator>& orchestrator,
             rpc::Client<dialer::v1::Dialer>& dialer)
      : orchestrator_(orchestrator), dialer_(dialer) {}

  // Tells the carrier of the number in the path. May be repeated.
  Task<absl::StatusOr<Reply>> Configure(const ApiRequest& request);

  // A number was made: tells its carrier, and adds to the reply how that went, as
  // {"inbound": {"configured": true}} or {"configured": false, "reason", "message"}. The number is
  // there either way.
  Task<void> AfterNumber(const ApiRequest& request, Reply& reply);

  // A key was saved: if it is a carrier's, tells it of the tenant's numbers, and adds how that went
  // to the reply, as NumberRound has it.
  Task<void> AfterKey(const ApiRequest& request, Reply& reply);

 private:
  Task<absl::StatusOr<orchestrator::v1::ListNumbersResponse>> List(
      const std::string& tenant_id, const std::string& page_token) override;
  Task<absl::Status> Tell(const std::string& tenant_id, const std::string& number_id) override;

  rpc::Client<orchestrator::v1::Orchestrator>& orchestrator_;
  rpc::Client<dialer::v1::Dialer>& dialer_;
  SystemClock clock_;
};

}  // namespace latchkey::gateway
