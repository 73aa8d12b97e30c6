// Dialer's messages to values and back. Whatever comes from outside is checked here, once.
#pragma once

#include "absl/status/statusor.h"
#include "latchkey/dialer/v1/dialer.pb.h"
#include "services/dialer/domain/admit_inbound.h"
#include "services/dialer/domain/live_calls.h"
#include "services/dialer/domain/place_call.h"

namespace latchkey::dialer {

// The most calls in one page.
inline constexpr int kCallPageMax = 100;

// kInvalidArgument `malformed_request` or `malformed_id` or `malformed_number`.
absl::StatusOr<Order> ParseOrder(const v1::PlaceCallRequest& request);
absl::StatusOr<Progress> ParseProgress(const v1::ReportProgressRequest& request);
absl::StatusOr<Outcome> ParseOutcome(const v1::CompleteCallRequest& request);
absl::StatusOr<CarrierRequest> ParseCarrierRequest(const v1::ReportCarrierEventRequest& request);
// `instance` is who its certificate says that it is.
absl::StatusOr<InboundAsk> ParseInboundAsk(const std::string& instance,
                                           const v1::AdmitInboundRequest& request);
// `name` is who its certificate says that it is.
absl::StatusOr<MediaInstance> ParseInstance(const std::string& name,
                                            const v1::HeartbeatRequest& request, absl::Time now);
absl::StatusOr<std::optional<CallCursor>> ParseCursor(const std::string& token);
int PageSize(int asked);

type::v1::CallDirection DirectionMessage(Direction direction);
v1::CallState StateMessage(CallState state);
void FillCall(const Call& call, v1::Call& message);
void FillAnswer(const InboundAnswer& answer, v1::AdmitInboundResponse& message);
void FillPage(const CallPage& page, v1::ListCallsResponse& message);

}  // namespace latchkey::dialer
