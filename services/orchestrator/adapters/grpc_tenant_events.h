// The methods of the contract Orchestrator that are about tenants' events.
#pragma once

#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "lib/rpc/call_context.h"
#include "services/orchestrator/domain/tenant_events.h"

namespace latchkey::orchestrator {

// Converts, calls, converts. The use case outlives it.
class GrpcTenantEvents {
 public:
  explicit GrpcTenantEvents(TenantEvents& events) : events_(events) {}

  Task<absl::Status> RecordEvent(const rpc::CallContext& context,
                                 const v1::RecordEventRequest& request,
                                 v1::RecordEventResponse& response);
  Task<absl::Status> ListEvents(const rpc::CallContext& context,
                                const v1::ListEventsRequest& request,
                                v1::ListEventsResponse& response);

 private:
  TenantEvents& events_;
};

}  // namespace latchkey::orchestrator
