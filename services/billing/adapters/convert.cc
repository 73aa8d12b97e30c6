#include "services/billing/adapters/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lib/base/error.h"
#include "lib/base/timestamp.h"
#include "services/billing/domain/reasons.h"

namespace latchkey::billing {
namespace {

constexpr size_t kRateIdBytesMax = 64;
constexpr size_t kCurrencyBytes = 3;
constexpr int64_t kAnsweredSecondsMax =
    7 * 24 * 60 * 60;  // Longer than any carrier lets a call be.
constexpr int64_t kIncrementSecondsMax = 3600;
// $10,000 a minute: no rate card's line is near it, and the product with the above fits 64 bits.
constexpr int64_t kPerMinuteMicrosMax = 10'000'000'000;

absl::Status Malformed(std::string_view field) {
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest,
               fmt::format("The field {} is missing or out of range.", field));
}

bool IsCurrency(std::string_view text) {
  return text.size() == kCurrencyBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

absl::StatusOr<BillingMode> ParseMode(v1::BillingMode mode) {
  if (mode == v1::BILLING_MODE_BUNDLED) return BillingMode::kBundled;
  if (mode == v1::BILLING_MODE_BYOK_TENANT) return BillingMode::kByokTenant;
  if (mode == v1::BILLING_MODE_BYOK_NUMBER) return BillingMode::kByokNumber;
  return Malformed("mode");
}

v1::BillingMode ToMode(BillingMode mode) {
  switch (mode) {
    case BillingMode::kBundled:
      return v1::BILLING_MODE_BUNDLED;
    case BillingMode::kByokTenant:
      return v1::BILLING_MODE_BYOK_TENANT;
    case BillingMode::kByokNumber:
      return v1::BILLING_MODE_BYOK_NUMBER;
  }
  return v1::BILLING_MODE_UNSPECIFIED;
}

absl::StatusOr<Rate> ParseRate(const v1::Rate& message) {
  Rate rate;
  rate.rate_id = message.rate_id();
  rate.per_minute = Money{.currency = message.per_minute().currency_code(),
                          .micros = message.per_minute().micros()};
  rate.increment_s = message.increment_duration().seconds();
  if (rate.rate_id.empty() || rate.rate_id.size() > kRateIdBytesMax) return Malformed("rate_id");
  if (!IsCurrency(rate.per_minute.currency)) return Malformed("currency_code");
  if (rate.per_minute.micros < 0 || rate.per_minute.micros > kPerMinuteMicrosMax) {
    return Malformed("per_minute");
  }
  if (rate.increment_s < 1 || rate.increment_s > kIncrementSecondsMax ||
      message.increment_duration().nanos() != 0) {
    return Malformed("increment_duration");
  }
  return rate;
}

absl::StatusOr<absl::Time> ParseTime(const google::protobuf::Timestamp& time,
                                     std::string_view field) {
  if (!IsTimestamp(time.seconds(), time.nanos())) return Malformed(field);
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

void FillTime(absl::Time time, google::protobuf::Timestamp& message) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  message.set_seconds(seconds);
  message.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void FillMoney(const Money& money, type::v1::Money& message) {
  message.set_currency_code(money.currency);
  message.set_micros(money.micros);
}

}  // namespace

absl::StatusOr<RateQuery> ParseQuery(const v1::AuthorizeRequest& request) {
  RateQuery query;
  query.plan = request.plan();
  query.currency = request.currency_code();
  if (query.plan.empty()) return Malformed("plan");
  if (!IsCurrency(query.currency)) return Malformed("currency_code");
  absl::StatusOr<BillingMode> mode = ParseMode(request.mode());
  if (!mode.ok()) return mode.status();
  query.mode = *mode;
  return query;
}

absl::StatusOr<EndedCall> ParseEnded(const v1::RecordUsageRequest& request) {
  absl::StatusOr<CallId> call = CallId::Parse(request.call_id());
  if (!call.ok()) return call.status();
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) return tenant.status();
  absl::StatusOr<NumberId> number = NumberId::Parse(request.number_id());
  if (!number.ok()) return number.status();
  absl::StatusOr<Rate> rate = ParseRate(request.rate());
  if (!rate.ok()) return rate.status();
  absl::StatusOr<BillingMode> mode = ParseMode(request.mode());
  if (!mode.ok()) return mode.status();
  const int64_t answered_s = request.answered_duration().seconds();
  if (answered_s < 0 || answered_s > kAnsweredSecondsMax ||
      request.answered_duration().nanos() != 0) {
    return Malformed("answered_duration");
  }
  if (!request.has_end_time()) return Malformed("end_time");
  absl::StatusOr<absl::Time> end = ParseTime(request.end_time(), "end_time");
  if (!end.ok()) return end.status();
  EndedCall ended;
  ended.call = *std::move(call);
  ended.tenant = *std::move(tenant);
  ended.number = *std::move(number);
  ended.answered_s = answered_s;
  ended.rate = *std::move(rate);
  ended.mode = *mode;
  ended.end_time = *end;
  return ended;
}

absl::StatusOr<UsageFilter> ParseFilter(const v1::GetUsageRequest& request) {
  UsageFilter filter;
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) return tenant.status();
  filter.tenant = *std::move(tenant);
  if (request.has_start_time()) {
    absl::StatusOr<absl::Time> start = ParseTime(request.start_time(), "start_time");
    if (!start.ok()) return start.status();
    filter.start = *start;
  }
  if (request.has_end_time()) {
    absl::StatusOr<absl::Time> end = ParseTime(request.end_time(), "end_time");
    if (!end.ok()) return end.status();
    filter.end = *end;
  }
  if (!request.call_id().empty()) {
    absl::StatusOr<CallId> call = CallId::Parse(request.call_id());
    if (!call.ok()) return call.status();
    filter.call = *std::move(call);
  }
  return filter;
}

absl::StatusOr<std::optional<UsageCursor>> ParseCursor(const std::string& token) {
  if (token.empty()) return std::optional<UsageCursor>();
  int64_t micros = 0;
  const char* end = token.data() + token.size();
  const auto [at, error] = std::from_chars(token.data(), end, micros);
  if (error != std::errc() || at == end || *at != '.') return Malformed("page_token");
  absl::StatusOr<CallId> call = CallId::Parse(std::string_view(at + 1, end));
  if (!call.ok()) return Malformed("page_token");
  if (!IsTimestamp(micros / 1'000'000, 0)) return Malformed("page_token");
  return std::optional<UsageCursor>(UsageCursor{absl::FromUnixMicros(micros), call->text()});
}

std::string CursorToken(const UsageCursor& cursor) {
  return fmt::format("{}.{}", absl::ToUnixMicros(cursor.end_time), cursor.call);
}

int PageSize(int asked) { return asked <= 0 || asked > kUsagePageMax ? kUsagePageMax : asked; }

void FillRate(const Rate& rate, v1::Rate& message) {
  message.set_rate_id(rate.rate_id);
  message.mutable_increment_duration()->set_seconds(rate.increment_s);
  FillMoney(rate.per_minute, *message.mutable_per_minute());
}

void FillEvent(const UsageEvent& event, v1::UsageEvent& message) {
  const EndedCall& ended = event.ended;
  message.set_call_id(ended.call.text());
  message.set_tenant_id(ended.tenant.text());
  message.set_number_id(ended.number.text());
  message.mutable_billed_duration()->set_seconds(event.billed_s);
  FillRate(ended.rate, *message.mutable_rate());
  message.set_mode(ToMode(ended.mode));
  FillMoney(event.cost, *message.mutable_cost());
  FillTime(ended.end_time, *message.mutable_end_time());
}

void FillPage(const UsagePage& page, v1::GetUsageResponse& message) {
  for (const UsageEvent& event : page.events) FillEvent(event, *message.add_events());
  if (page.next.has_value()) message.set_next_page_token(CursorToken(*page.next));
  message.set_total_calls(page.totals.calls);
  message.mutable_total_billed_duration()->set_seconds(page.totals.billed_s);
  for (const Money& cost : page.totals.costs) FillMoney(cost, *message.add_total_costs());
}

}  // namespace latchkey::billing
