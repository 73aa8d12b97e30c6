#include "services/keyvault/adapters/grpc_events.h"

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr absl::Duration kDeadline = absl::Seconds(3);

}  // namespace

Task<absl::Status> GrpcEvents::Deliver(const pg::OutboxMessage& message) {
  orchestrator::v1::RecordEventRequest request;
  if (!request.ParseFromString(message.payload)) {
    co_return Error(absl::StatusCode::kInternal, reason::kMalformedOutboxMessage,
                    "The outbox holds a message that is no event.");
  }
  const rpc::CallOptions options(kDeadline, "", request.event().tenant_id());
  absl::StatusOr<orchestrator::v1::RecordEventResponse> recorded = co_await rpc::Call(
      orchestrator_, &orchestrator::v1::Orchestrator::Stub::PrepareAsyncRecordEvent, request,
      options);
  co_return recorded.status();
}

}  // namespace latchkey::keyvault
