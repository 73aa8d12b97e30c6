#include "lib/rpc/client.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace latchkey::rpc {

CallOptions CallOptions::Within(const CallContext& context, absl::Duration limit) {
  const absl::Duration left = context.deadline() - absl::Now();
  return CallOptions(std::min(limit, left), context.call_id(), context.tenant_id());
}

void CallOptions::Apply(grpc::ClientContext& context) const {
  context.set_deadline(absl::ToChronoTime(absl::Now() + deadline));
  context.set_wait_for_ready(wait_for_ready);
  if (!call_id.empty()) context.AddMetadata(kCallIdMetadata, call_id);
  if (!tenant_id.empty()) context.AddMetadata(kTenantIdMetadata, tenant_id);
}

}  // namespace latchkey::rpc
