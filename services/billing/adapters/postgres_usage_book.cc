#include "services/billing/adapters/postgres_usage_book.h"

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "services/billing/adapters/mode_text.h"

namespace latchkey::billing {
namespace {

constexpr pg::Statement kInsert{
    "billing_insert_usage",
    "INSERT INTO usage_events (call_id, tenant_id, number_id, answered_s, billed_s, rate_id, "
    "per_minute_micros, increment_s, mode, currency, cost_micros, end_time) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (call_id) DO NOTHING"};

constexpr pg::Statement kGet{
    "billing_get_usage",
    "SELECT call_id, tenant_id, number_id, answered_s, billed_s, rate_id, per_minute_micros, "
    "increment_s, mode, currency, cost_micros, end_time FROM usage_events WHERE call_id = $1"};

constexpr pg::Statement kList{
    "billing_list_usage",
    "SELECT call_id, tenant_id, number_id, answered_s, billed_s, rate_id, per_minute_micros, "
    "increment_s, mode, currency, cost_micros, end_time FROM usage_events "
    "WHERE tenant_id = $1 AND end_time >= $2 AND end_time < $3 "
    "AND ($4::text IS NULL OR call_id = $4) "
    "AND ($5::timestamptz IS NULL OR (end_time, call_id) > ($5, $6::text)) "
    "ORDER BY end_time, call_id LIMIT $7"};

constexpr pg::Statement kTotal{
    "billing_total_usage",
    "SELECT currency, count(*), sum(billed_s)::bigint, sum(cost_micros)::bigint FROM usage_events "
    "WHERE tenant_id = $1 AND end_time >= $2 AND end_time < $3 "
    "AND ($4::text IS NULL OR call_id = $4) GROUP BY currency ORDER BY currency"};

// The rows' ids were checked when they were written.
template <typename Id>
Id Trusted(const std::string& text) {
  absl::StatusOr<Id> id = Id::Parse(text);
  Check(id.ok(), "an id in usage_events is well formed");
  return *std::move(id);
}

UsageEvent ReadEvent(const pg::Row& row) {
  const std::string currency = row.Text(9);
  UsageEvent event;
  event.ended.call = Trusted<CallId>(row.Text(0));
  event.ended.tenant = Trusted<TenantId>(row.Text(1));
  event.ended.number = Trusted<NumberId>(row.Text(2));
  event.ended.answered_s = row.Int(3);
  event.billed_s = row.Int(4);
  event.ended.rate.rate_id = row.Text(5);
  event.ended.rate.per_minute = Money{.currency = currency, .micros = row.Int(6)};
  event.ended.rate.increment_s = row.Int(7);
  event.ended.mode = ModeFromText(row.Text(8));
  event.cost = Money{.currency = currency, .micros = row.Int(10)};
  event.ended.end_time = row.Time(11);
  return event;
}

std::optional<std::string> CallText(const UsageFilter& filter) {
  if (!filter.call.has_value()) return std::nullopt;
  return filter.call->text();
}

}  // namespace

Task<absl::StatusOr<UsageEvent>> PostgresUsageBook::Record(const UsageEvent& event) {
  const EndedCall& ended = event.ended;
  const pg::Params values(
      ended.call.text(), ended.tenant.text(), ended.number.text(), ended.answered_s, event.billed_s,
      ended.rate.rate_id, ended.rate.per_minute.micros, ended.rate.increment_s,
      ModeText(ended.mode), event.cost.currency, event.cost.micros, ended.end_time);
  absl::StatusOr<pg::Rows> inserted = co_await pool_.Query(kInsert, values);
  if (!inserted.ok()) co_return inserted.status();
  const pg::Params key(ended.call.text());
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kGet, key);
  if (!rows.ok()) co_return rows.status();
  Check(!rows->empty(), "a usage event is never removed");
  co_return ReadEvent(rows->front());
}

Task<absl::StatusOr<std::vector<UsageEvent>>> PostgresUsageBook::List(
    const UsageFilter& filter, std::optional<UsageCursor> after, int limit) {
  std::optional<absl::Time> after_time;
  std::optional<std::string> after_call;
  if (after.has_value()) {
    after_time = after->end_time;
    after_call = after->call;
  }
  const pg::Params params(filter.tenant.text(), filter.start, filter.end, CallText(filter),
                          after_time, after_call, limit);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kList, params);
  if (!rows.ok()) co_return rows.status();
  std::vector<UsageEvent> events;
  for (const pg::Row row : *rows) events.push_back(ReadEvent(row));
  co_return events;
}

Task<absl::StatusOr<UsageTotals>> PostgresUsageBook::Total(const UsageFilter& filter) {
  const pg::Params params(filter.tenant.text(), filter.start, filter.end, CallText(filter));
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kTotal, params);
  if (!rows.ok()) co_return rows.status();
  UsageTotals totals;
  for (const pg::Row row : *rows) {
    totals.calls += row.Int(1);
    totals.billed_s += row.Int(2);
    totals.costs.push_back(Money{.currency = row.Text(0), .micros = row.Int(3)});
  }
  co_return totals;
}

}  // namespace latchkey::billing
