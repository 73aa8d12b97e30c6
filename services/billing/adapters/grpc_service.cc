#include "services/billing/adapters/grpc_service.h"

#include "services/billing/adapters/convert.h"

namespace latchkey::billing {

Task<absl::Status> GrpcService::Authorize(const rpc::CallContext&,
                                          const v1::AuthorizeRequest& request,
                                          v1::AuthorizeResponse& response) {
  absl::StatusOr<RateQuery> query = ParseQuery(request);
  if (!query.ok()) co_return query.status();
  absl::StatusOr<Rate> rate = co_await metering_.Authorize(*query);
  if (!rate.ok()) co_return rate.status();
  FillRate(*rate, *response.mutable_rate());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::RecordUsage(const rpc::CallContext&,
                                            const v1::RecordUsageRequest& request,
                                            v1::RecordUsageResponse& response) {
  absl::StatusOr<EndedCall> ended = ParseEnded(request);
  if (!ended.ok()) co_return ended.status();
  absl::StatusOr<UsageEvent> event = co_await metering_.Record(*ended);
  if (!event.ok()) co_return event.status();
  FillEvent(*event, *response.mutable_usage());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::GetUsage(const rpc::CallContext&,
                                         const v1::GetUsageRequest& request,
                                         v1::GetUsageResponse& response) {
  absl::StatusOr<UsageFilter> filter = ParseFilter(request);
  if (!filter.ok()) co_return filter.status();
  absl::StatusOr<std::optional<UsageCursor>> after = ParseCursor(request.page_token());
  if (!after.ok()) co_return after.status();
  const int limit = PageSize(request.page_size());
  absl::StatusOr<UsagePage> page = co_await metering_.Usage(*filter, *after, limit);
  if (!page.ok()) co_return page.status();
  FillPage(*page, response);
  co_return absl::OkStatus();
}

}  // namespace latchkey::billing
