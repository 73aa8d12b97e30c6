#include "services/keyvault/domain/lease_limits.h"

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

absl::Status Exhausted(std::string_view sentence, int64_t retry_after_seconds) {
  return Error(absl::StatusCode::kResourceExhausted, reason::kLeaseLimit, sentence,
               {{"retry_after_seconds", std::to_string(retry_after_seconds)}});
}

// Live leases go when calls end; the count is taken anew every few seconds.
constexpr int64_t kLiveRetrySeconds = 5;

}  // namespace

absl::Status LeaseLimits::Admit(const std::string& tenant, const std::string& caller,
                                int64_t leases, absl::Time now) {
  const int64_t seconds = absl::ToUnixSeconds(now);
  if (minute_.number != seconds / 60) minute_ = Minute{seconds / 60, {}, {}, {}, {}, {}};
  int64_t& of_tenant = minute_.of_tenant[tenant];
  int64_t& of_caller = minute_.of_caller[caller];
  int64_t& live_of_tenant = live_of_tenant_[tenant];
  int64_t& live_of_caller = live_of_caller_[caller];
  if (of_tenant >= options_.tickets_per_minute_of_tenant) {
    return Exhausted("The tenant leases keys for too many calls a minute.", 60 - seconds % 60);
  }
  if (of_caller >= options_.tickets_per_minute_of_caller) {
    return Exhausted("The instance leases keys for too many calls a minute.", 60 - seconds % 60);
  }
  if (live_of_tenant + leases > options_.live_leases_of_tenant) {
    return Exhausted("The tenant's calls hold too many leases at a time.", kLiveRetrySeconds);
  }
  if (live_of_caller + leases > options_.live_leases_of_caller) {
    return Exhausted("The instance holds too many leases at a time.", kLiveRetrySeconds);
  }
  ++of_tenant;
  ++of_caller;
  live_of_tenant += leases;
  live_of_caller += leases;
  std::set<std::string>& tenants = minute_.tenants_of_caller[caller];
  tenants.insert(tenant);
  const bool over = tenants.size() > options_.tenants_per_minute_of_caller;
  if (over && minute_.alarmed.insert(caller).second) minute_.alarms.insert(caller);
  return absl::OkStatus();
}

bool LeaseLimits::TakeAlarm(const std::string& caller) { return minute_.alarms.erase(caller) > 0; }

void LeaseLimits::SetLive(const std::vector<LiveLeases>& counts) {
  live_of_tenant_.clear();
  live_of_caller_.clear();
  for (const LiveLeases& live : counts) {
    live_of_tenant_[live.tenant] += live.count;
    live_of_caller_[live.caller] += live.count;
  }
}

}  // namespace latchkey::keyvault
