#include "services/keyvault/adapters/postgres_probe_budget.h"

#include <fmt/format.h>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

// Probes that come in the same moment may get through one too many.
constexpr pg::Statement kTake{
    "keyvault_take_probe",
    "WITH recent AS ("
    "  SELECT count(*) FILTER (WHERE time > now() - interval '1 minute') AS of_minute,"
    "      count(*) AS of_day"
    "    FROM probes WHERE tenant_id = $1 AND time > now() - interval '1 day'),"
    "taken AS ("
    "  INSERT INTO probes (tenant_id) SELECT $1 FROM recent WHERE of_minute < $2 AND of_day < $3)"
    "SELECT of_minute < $2, of_day < $3 FROM recent"};

absl::Status Exhausted(std::string_view span, int retry_after_seconds) {
  return Error(absl::StatusCode::kResourceExhausted, reason::kProbeLimit,
               fmt::format("Too many keys were tested for this account in the last {}. Come back "
                           "later; the saved keys stay in use.",
                           span),
               {{"retry_after_seconds", fmt::to_string(retry_after_seconds)}});
}

}  // namespace

Task<absl::Status> PostgresProbeBudget::Take(const TenantId& tenant) {
  absl::StatusOr<pg::Rows> rows =
      co_await pool_.Query(kTake, pg::Params(tenant.text(), per_minute_, per_day_));
  if (!rows.ok()) co_return rows.status();
  if (!rows->front().Bool(1)) co_return Exhausted("day", 3600);
  if (!rows->front().Bool(0)) co_return Exhausted("minute", 60);
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
