// latchkey.dialer.v1.Dialer over gRPC.
#pragma once

#include "latchkey/dialer/v1/dialer.pb.h"
#include "lib/rpc/call_context.h"
#include "services/dialer/domain/admit_inbound.h"
#include "services/dialer/domain/configure_number.h"
#include "services/dialer/domain/live_calls.h"
#include "services/dialer/domain/place_call.h"

namespace latchkey::dialer {

// Converts, calls the domain, converts. Lives on the host's io thread.
class GrpcService {
 public:
  GrpcService(PlaceCall& placing, AdmitInbound& admitting, ConfigureNumber& configuring,
              LiveCalls& live, FleetStore& fleet, DncList& dnc, Clock& clock)
      : placing_(placing),
        admitting_(admitting),
        configuring_(configuring),
        live_(live),
        fleet_(fleet),
        dnc_(dnc),
        clock_(clock) {}

  Task<absl::Status> PlaceCall(const rpc::CallContext& context, const v1::PlaceCallRequest& request,
                               v1::PlaceCallResponse& response);
  Task<absl::Status> AdmitInbound(const rpc::CallContext& context,
                                  const v1::AdmitInboundRequest& request,
                                  v1::AdmitInboundResponse& response);
  Task<absl::Status> ConfigureNumber(const rpc::CallContext& context,
                                     const v1::ConfigureNumberRequest& request,
                                     v1::ConfigureNumberResponse& response);
  Task<absl::Status> Heartbeat(const rpc::CallContext& context, const v1::HeartbeatRequest& request,
                               v1::HeartbeatResponse& response);
  Task<absl::Status> ReportCarrierEvent(const rpc::CallContext& context,
                                        const v1::ReportCarrierEventRequest& request,
                                        v1::ReportCarrierEventResponse& response);
  Task<absl::Status> ReportProgress(const rpc::CallContext& context,
                                    const v1::ReportProgressRequest& request,
                                    v1::ReportProgressResponse& response);
  Task<absl::Status> CompleteCall(const rpc::CallContext& context,
                                  const v1::CompleteCallRequest& request,
                                  v1::CompleteCallResponse& response);
  Task<absl::Status> EndCall(const rpc::CallContext& context, const v1::EndCallRequest& request,
                             v1::EndCallResponse& response);
  Task<absl::Status> GetCall(const rpc::CallContext& context, const v1::GetCallRequest& request,
                             v1::GetCallResponse& response);
  Task<absl::Status> ListCalls(const rpc::CallContext& context, const v1::ListCallsRequest& request,
                               v1::ListCallsResponse& response);
  Task<absl::Status> AddDnc(const rpc::CallContext& context, const v1::AddDncRequest& request,
                            v1::AddDncResponse& response);
  Task<absl::Status> RemoveDnc(const rpc::CallContext& context, const v1::RemoveDncRequest& request,
                               v1::RemoveDncResponse& response);

 private:
  dialer::PlaceCall& placing_;
  dialer::AdmitInbound& admitting_;
  dialer::ConfigureNumber& configuring_;
  LiveCalls& live_;
  FleetStore& fleet_;
  DncList& dnc_;
  Clock& clock_;
};

}  // namespace latchkey::dialer
