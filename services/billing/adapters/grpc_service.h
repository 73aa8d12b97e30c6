// latchkey.billing.v1.Billing over gRPC.
#pragma once

#include "latchkey/billing/v1/billing.pb.h"
#include "lib/rpc/call_context.h"
#include "services/billing/domain/metering.h"

namespace latchkey::billing {

// Converts, calls Metering, converts. Lives on the host's io thread.
class GrpcService {
 public:
  explicit GrpcService(Metering& metering) : metering_(metering) {}

  Task<absl::Status> Authorize(const rpc::CallContext& context, const v1::AuthorizeRequest& request,
                               v1::AuthorizeResponse& response);
  Task<absl::Status> RecordUsage(const rpc::CallContext& context,
                                 const v1::RecordUsageRequest& request,
                                 v1::RecordUsageResponse& response);
  Task<absl::Status> GetUsage(const rpc::CallContext& context, const v1::GetUsageRequest& request,
                              v1::GetUsageResponse& response);

 private:
  Metering& metering_;
};

}  // namespace latchkey::billing
