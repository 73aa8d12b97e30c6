#include "services/dialer/domain/admission.h"

#include <algorithm>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

bool IsAllowed(const Tenant& tenant, const std::string& region) {
  const std::vector<std::string>& countries = tenant.rules.countries;
  if (region.empty()) return false;
  if (countries.empty()) return region == tenant.country;
  return std::find(countries.begin(), countries.end(), region) != countries.end();
}

absl::Status Denied(std::string_view reason, std::string_view message) {
  return Error(absl::StatusCode::kPermissionDenied, reason, message);
}

absl::Status CountryNotAllowed(const std::string& region) {
  return Error(absl::StatusCode::kPermissionDenied, reasons::kCountryNotAllowed,
               "The tenant's calling rules do not allow this country. Add it to the rules first.",
               {{"country", region}});
}

absl::Status WindowClosed(const Tenant& tenant, const std::string& region,
                          const phone::Zones& zones, absl::Time now) {
  ErrorMetadata metadata;
  const std::optional<absl::Time> opens = NextOpening(tenant.rules.window, zones, region, now);
  if (opens.has_value()) {
    metadata["opens"] = absl::FormatTime(absl::RFC3339_sec, *opens, absl::UTCTimeZone());
  }
  return Error(absl::StatusCode::kFailedPrecondition, reasons::kOutsideCallingWindow,
               "It is outside the calling window where the callee may be. Call when it opens.",
               std::move(metadata));
}

absl::Status Full(int64_t ceiling, std::string_view message) {
  return Error(absl::StatusCode::kResourceExhausted, reasons::kTenantConcurrency, message,
               {{"ceiling", std::to_string(ceiling)}});
}

}  // namespace

absl::Status AdmitCallee(const Tenant& tenant, const Callee& callee, const phone::Zones& zones,
                         absl::Time now) {
  const phone::NumberFacts& facts = callee.facts;
  if (facts.emergency) {
    return Denied(reasons::kEmergencyNumber, "Emergency numbers are never called.");
  }
  if (!facts.possible) {
    return Error(absl::StatusCode::kInvalidArgument, reasons::kNumberNotCallable,
                 "No such number can exist. Check the country code and the length.");
  }
  if (facts.premium) {
    return Denied(reasons::kPremiumNumber, "Premium-rate numbers are never called.");
  }
  if (!IsAllowed(tenant, facts.region)) return CountryNotAllowed(facts.region);
  if (callee.on_dnc_list) {
    return Denied(reasons::kOnDncList, "The number is on the tenant's do-not-call list.");
  }
  if (!IsOpen(tenant.rules.window, zones, facts.region, now)) {
    return WindowClosed(tenant, facts.region, zones, now);
  }
  return absl::OkStatus();
}

void KeepTransferable(const Tenant& tenant, const phone::NumberingPlan& plan,
                      std::vector<TransferTarget>& targets) {
  std::erase_if(targets, [&](const TransferTarget& target) {
    const absl::StatusOr<E164> number = E164::Parse(target.e164);
    if (!number.ok()) return true;
    const phone::NumberFacts facts = plan.Describe(*number);
    return facts.emergency || facts.premium || !facts.possible || !IsAllowed(tenant, facts.region);
  });
}

absl::Status AdmitOneMore(const Ceilings& ceilings, const LiveCounts& live) {
  if (live.of_tenant >= ceilings.tenant) {
    return Full(ceilings.tenant,
                "The tenant has as many calls at a time as its rules allow. "
                "Try again when one has ended.");
  }
  if (ceilings.llm > 0 && live.of_llm_scope >= ceilings.llm) {
    return Full(ceilings.llm,
                "The Anthropic account's limits bear no further call at a time. "
                "Try again when one has ended, or raise the account's limits.");
  }
  return absl::OkStatus();
}

}  // namespace latchkey::dialer
