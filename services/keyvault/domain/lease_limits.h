// LeaseLimits: how many keys a tenant or a media instance may lease.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

struct LeaseLimitOptions {
  int64_t tickets_per_minute_of_tenant = 1'200;
  int64_t tickets_per_minute_of_caller = 6'000;
  int64_t live_leases_of_tenant = 20'000;
  int64_t live_leases_of_caller = 20'000;
  size_t tenants_per_minute_of_caller = 200;  // More raise an alarm, and are not refused.
};

// A rule. The minute is the clock's, and what counts against it is what this replica has admitted;
// live leases are those of all replicas as they were last counted, and what was admitted since.
class LeaseLimits {
 public:
  explicit LeaseLimits(LeaseLimitOptions options) : options_(options) {}

  // OK, and counted: the ticket may be leased from, as far as numbers go.
  //   kResourceExhausted  lease_limit  metadata `retry_after_seconds`
  absl::Status Admit(const std::string& tenant, const std::string& caller, int64_t leases,
                     absl::Time now);

  // True once in each minute in which a caller leases for more tenants than it should.
  bool TakeAlarm(const std::string& caller);

  // What is counted in the store.
  void SetLive(const std::vector<LiveLeases>& counts);

 private:
  struct Minute {
    int64_t number = -1;
    std::map<std::string, int64_t> of_tenant;
    std::map<std::string, int64_t> of_caller;
    std::map<std::string, std::set<std::string>> tenants_of_caller;
    std::set<std::string> alarms;  // Callers that are over; each is taken once.
    std::set<std::string> alarmed;
  };

  const LeaseLimitOptions options_;
  Minute minute_;
  std::map<std::string, int64_t> live_of_tenant_;
  std::map<std::string, int64_t> live_of_caller_;
};

}  // namespace latchkey::keyvault
