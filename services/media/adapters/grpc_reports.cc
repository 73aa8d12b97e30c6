#include "services/media/adapters/grpc_reports.h"

#include "services/media/adapters/convert.h"

namespace latchkey::media {
namespace {

namespace pb = dialer::v1;

constexpr absl::Duration kProgressDeadline = absl::Seconds(1);  // The call waits for it.
constexpr absl::Duration kCompleteDeadline = absl::Seconds(5);

}  // namespace

Task<absl::StatusOr<bool>> GrpcReports::Progress(const std::string& call_id,
                                                 const std::string& state,
                                                 const std::string& carrier_call_id,
                                                 absl::Time when) {
  pb::ReportProgressRequest request;
  request.set_call_id(call_id);
  request.set_state(ToCallState(state));
  request.set_carrier_call_id(carrier_call_id);
  FillTime(when, *request.mutable_event_time());
  const rpc::CallOptions options(kProgressDeadline, call_id);
  absl::StatusOr<pb::ReportProgressResponse> response =
      co_await rpc::Call(client_, &pb::Dialer::Stub::PrepareAsyncReportProgress, request, options);
  if (!response.ok()) co_return response.status();
  co_return response->ended();
}

Task<absl::Status> GrpcReports::Complete(const std::string& call_id, const Outcome& outcome) {
  pb::CompleteCallRequest request;
  FillOutcome(call_id, outcome, request);
  const rpc::CallOptions options(kCompleteDeadline, call_id);
  absl::StatusOr<pb::CompleteCallResponse> response =
      co_await rpc::Call(client_, &pb::Dialer::Stub::PrepareAsyncCompleteCall, request, options);
  co_return response.status();
}

}  // namespace latchkey::media
