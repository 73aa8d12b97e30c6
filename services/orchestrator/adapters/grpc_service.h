// GrpcService: the contract Orchestrator on the domain's use cases, but for numbers.
#pragma once

#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "lib/rpc/call_context.h"
#include "lib/rpc/stream.h"
#include "services/orchestrator/domain/call_log.h"
#include "services/orchestrator/domain/onboarding.h"
#include "services/orchestrator/domain/tenants.h"

namespace latchkey::orchestrator {

namespace pb = ::latchkey::orchestrator::v1;

// Converts, calls, converts. The use cases outlive it.
class GrpcService {
 public:
  GrpcService(Tenants& tenants, Onboarding& onboarding, CallLog& call_log);

  Task<absl::Status> CreateTenant(const rpc::CallContext& context,
                                  const pb::CreateTenantRequest& request,
                                  pb::CreateTenantResponse& response);
  Task<absl::Status> UpdateTenant(const rpc::CallContext& context,
                                  const pb::UpdateTenantRequest& request,
                                  pb::UpdateTenantResponse& response);
  Task<absl::Status> CreateApiKey(const rpc::CallContext& context,
                                  const pb::CreateApiKeyRequest& request,
                                  pb::CreateApiKeyResponse& response);
  Task<absl::Status> RevokeApiKey(const rpc::CallContext& context,
                                  const pb::RevokeApiKeyRequest& request,
                                  pb::RevokeApiKeyResponse& response);
  Task<absl::Status> Authenticate(const rpc::CallContext& context,
                                  const pb::AuthenticateRequest& request,
                                  pb::AuthenticateResponse& response);

  Task<absl::Status> GetOnboarding(const rpc::CallContext& context,
                                   const pb::GetOnboardingRequest& request,
                                   pb::GetOnboardingResponse& response);
  Task<absl::Status> SetMode(const rpc::CallContext& context, const pb::SetModeRequest& request,
                             pb::SetModeResponse& response);
  Task<absl::Status> CompleteOnboarding(const rpc::CallContext& context,
                                        const pb::CompleteOnboardingRequest& request,
                                        pb::CompleteOnboardingResponse& response);

  Task<absl::Status> AppendCallEvents(const rpc::CallContext& context,
                                      const pb::AppendCallEventsRequest& request,
                                      pb::AppendCallEventsResponse& response);
  Task<absl::Status> WatchCall(const rpc::CallContext& context, const pb::WatchCallRequest& request,
                               rpc::Writer<pb::WatchCallResponse>& writer);
  Task<absl::Status> GetTranscript(const rpc::CallContext& context,
                                   const pb::GetTranscriptRequest& request,
                                   pb::GetTranscriptResponse& response);
  Task<absl::Status> ReadRecording(const rpc::CallContext& context,
                                   const pb::ReadRecordingRequest& request,
                                   rpc::Writer<pb::ReadRecordingResponse>& writer);

 private:
  Tenants& tenants_;
  Onboarding& onboarding_;
  CallLog& call_log_;
};

}  // namespace latchkey::orchestrator
