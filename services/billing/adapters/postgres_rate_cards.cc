#include "services/billing/adapters/postgres_rate_cards.h"

#include "lib/base/error.h"
#include "services/billing/adapters/mode_text.h"
#include "services/billing/domain/reasons.h"

namespace latchkey::billing {
namespace {

constexpr pg::Statement kFind{"billing_find_rate",
                              "SELECT rate_id, per_minute_micros, increment_s FROM rate_cards "
                              "WHERE plan = $1 AND mode = $2 AND currency = $3"};

}  // namespace

Task<absl::StatusOr<Rate>> PostgresRateCards::Find(const RateQuery& query) {
  const pg::Params params(query.plan, ModeText(query.mode), query.currency);
  absl::StatusOr<pg::Rows> rows = co_await pool_.Query(kFind, params);
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) {
    co_return Error(absl::StatusCode::kNotFound, reasons::kRateMissing, "There is no such price.");
  }
  const pg::Row row = rows->front();
  Rate rate;
  rate.rate_id = row.Text(0);
  rate.per_minute = Money{.currency = query.currency, .micros = row.Int(1)};
  rate.increment_s = row.Int(2);
  co_return rate;
}

}  // namespace latchkey::billing
