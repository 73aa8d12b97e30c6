// Numbers and tenants, from orchestrator.
#pragma once

#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/rpc/client.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class GrpcDirectory final : public Directory {
 public:
  explicit GrpcDirectory(rpc::Client<orchestrator::v1::Orchestrator>& orchestrator)
      : orchestrator_(orchestrator) {}

  Task<absl::StatusOr<Line>> FindLine(const TenantId& tenant, const NumberId& number) override;
  Task<absl::StatusOr<Line>> FindCalled(const E164& called) override;

 private:
  rpc::Client<orchestrator::v1::Orchestrator>& orchestrator_;
};

// kInternal `malformed_response` when orchestrator broke its own contract.
absl::StatusOr<Line> ParseLine(const orchestrator::v1::FindNumberResponse& response);

}  // namespace latchkey::dialer
