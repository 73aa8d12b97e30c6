// Calls API: placing and ending calls, their records, transcripts, recordings and live events; and
// what they cost.
#pragma once

#include "latchkey/billing/v1/billing.grpc.pb.h"
#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/rpc/client.h"
#include "services/gateway/adapters/api_request.h"

namespace latchkey::gateway {

// Lives on the io thread. The clients outlive it.
class CallsApi {
 public:
  CallsApi(rpc::Client<dialer::v1::Dialer>& dialer,
           rpc::Client<orchestrator::v1::Orchestrator>& orchestrator,
           rpc::Client<billing::v1::Billing>& billing)
      : dialer_(dialer), orchestrator_(orchestrator), billing_(billing) {}

  // Body: {"numberId": "num_…", "to": "+1…"}; header Idempotency-Key.
  Task<absl::StatusOr<Reply>> Place(const ApiRequest& request);
  Task<absl::StatusOr<Reply>> List(const ApiRequest& request);
  Task<absl::StatusOr<Reply>> Get(const ApiRequest& request);
  Task<absl::StatusOr<Reply>> End(const ApiRequest& request);
  Task<absl::StatusOr<Reply>> GetTranscript(const ApiRequest& request);
  // Query: from, to (RFC 3339), callId, pageSize, pageToken.
  Task<absl::StatusOr<Reply>> GetUsage(const ApiRequest& request);

  // A WAV file in pieces.
  Task<absl::Status> StreamRecording(const ApiRequest& request, ReplyStream& stream);
  // Server-sent events, from Last-Event-ID on, until the call's last one.
  Task<absl::Status> StreamEvents(const ApiRequest& request, ReplyStream& stream);

 private:
  rpc::Client<dialer::v1::Dialer>& dialer_;
  rpc::Client<orchestrator::v1::Orchestrator>& orchestrator_;
  rpc::Client<billing::v1::Billing>& billing_;
};

}  // namespace latchkey::gateway
