// GrpcEvents: what tenants are to know, from the outbox to orchestrator.
#pragma once

#include <string_view>

#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/pg/outbox.h"
#include "lib/rpc/client.h"

namespace latchkey::keyvault {

class GrpcEvents final : public pg::OutboxReceiver {
 public:
  // `address` of orchestrator. `peers` outlives it.
  GrpcEvents(rpc::Peers& peers, std::string_view address)
      : orchestrator_(peers, "orchestrator", address) {}

  // OK once orchestrator has committed it.
  Task<absl::Status> Deliver(const pg::OutboxMessage& message) override;

 private:
  rpc::Client<orchestrator::v1::Orchestrator> orchestrator_;
};

}  // namespace latchkey::keyvault
