// Billing's messages to values and back. Whatever comes from outside is checked here, once.
#pragma once

#include "absl/status/statusor.h"
#include "latchkey/billing/v1/billing.pb.h"
#include "services/billing/domain/metering.h"

namespace latchkey::billing {

// kInvalidArgument `malformed_request`: the message names the field. Ids: `malformed_id`.
absl::StatusOr<RateQuery> ParseQuery(const v1::AuthorizeRequest& request);
absl::StatusOr<EndedCall> ParseEnded(const v1::RecordUsageRequest& request);
absl::StatusOr<UsageFilter> ParseFilter(const v1::GetUsageRequest& request);
absl::StatusOr<std::optional<UsageCursor>> ParseCursor(const std::string& token);
// The page that was asked for, within kUsagePageMax.
int PageSize(int asked);

std::string CursorToken(const UsageCursor& cursor);
void FillRate(const Rate& rate, v1::Rate& message);
void FillEvent(const UsageEvent& event, v1::UsageEvent& message);
void FillPage(const UsagePage& page, v1::GetUsageResponse& message);

}  // namespace latchkey::billing
