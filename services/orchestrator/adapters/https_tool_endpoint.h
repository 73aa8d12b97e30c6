// HttpsToolEndpoint: runs a tool by a signed POST to the tenant's server.
#pragma once

#include "lib/base/clock.h"
#include "services/orchestrator/adapters/guarded_client.h"
#include "services/orchestrator/adapters/request_signer.h"
#include "services/orchestrator/domain/tool_endpoint.h"

namespace latchkey::orchestrator {

// All that it is given outlives it.
class HttpsToolEndpoint final : public ToolEndpoint {
 public:
  HttpsToolEndpoint(GuardedClient& client, RequestSigner& signer, const Clock& clock)
      : client_(client), signer_(signer), clock_(clock) {}

  // Body: {"type": "tool.call", "timestamp": RFC 3339, "data": {"callId", "numberId", "tool",
  // "arguments"}}.
  Task<absl::StatusOr<std::string>> Run(const ToolCall& call) override;

 private:
  GuardedClient& client_;
  RequestSigner& signer_;
  const Clock& clock_;
};

}  // namespace latchkey::orchestrator
