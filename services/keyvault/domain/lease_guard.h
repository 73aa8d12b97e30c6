// LeaseGuard: who may lease at all, and what happens to those who may not.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/keyvault/domain/denial_log.h"
#include "services/keyvault/domain/lease_limits.h"
#include "services/keyvault/domain/ticket.h"

namespace latchkey::keyvault {

// Media instances that may lease nothing. Every error is Postgres' (lib/pg/pool.h).
class FreezeStore {
 public:
  virtual ~FreezeStore() = default;

  // With an audit row; false: nothing was to be changed, and no row was written.
  virtual Task<absl::StatusOr<bool>> Freeze(const std::string& caller, const Actor& actor) = 0;
  virtual Task<absl::StatusOr<bool>> Unfreeze(const std::string& caller, const Actor& actor) = 0;
  virtual Task<absl::StatusOr<std::set<std::string>>> ListFrozen() = 0;
};

// Tells people that somebody tries what he should not.
class LeaseAlarm {
 public:
  virtual ~LeaseAlarm() = default;

  // `first`: of its caller, tenant, reason and minute.
  virtual void OnDenial(const AuditRow& row, bool first) = 0;
  virtual void OnManyTenants(const std::string& caller) = 0;
  virtual void OnFreeze(const std::string& caller) = 0;
};

// Lives on one io thread. What it is made from outlives it.
class LeaseGuard {
 public:
  // A caller that presents `freeze_after` forged or foreign tickets in a minute is frozen.
  LeaseGuard(DenialLog& denials, FreezeStore& store, LeaseAlarm& alarm, const Clock& clock,
             LeaseLimitOptions limits, int64_t freeze_after)
      : denials_(denials),
        store_(store),
        alarm_(alarm),
        clock_(clock),
        limits_(limits),
        freeze_after_(freeze_after) {}

  // OK, and counted.
  //   kPermissionDenied   caller_frozen
  //   kResourceExhausted  lease_limit
  absl::Status Admit(const Ticket& ticket, const Presenter& presenter);

  // Writes a refusal down and raises the alarm; returns `why`, which stands even when it could not
  // be written: then its metadata has `unaudited`, and it is written later, with the counts. The
  // tenant and the call are empty when nothing in the ticket can be believed.
  Task<absl::Status> Deny(const Presenter& presenter, const TenantId& tenant, const CallId& call,
                          absl::Status why);

  // After `presenter` asked for leases that it does not hold: those of others among them are
  // written down and raise the alarm. The presenter is not told that there are such leases.
  Task<void> LookForForeign(const Presenter& presenter, const std::vector<LeaseId>& asked,
                            LeaseStore& leases);
  // The same after it wanted to release a call and held nothing of it.
  Task<void> LookForForeign(const Presenter& presenter, const CallId& released, LeaseStore& leases);

  // Learns what other replicas have done: who is frozen, how many leases live.
  Task<absl::Status> Refresh(LeaseStore& leases);

  // False: it was so before.
  Task<absl::StatusOr<bool>> Freeze(const std::string& caller, const Actor& actor);
  Task<absl::StatusOr<bool>> Unfreeze(const std::string& caller, const Actor& actor);

 private:
  Task<absl::Status> Refuse(AuditRow row, absl::Status why);
  Task<void> RefuseEach(const Presenter& presenter, AuditAction action,
                        const std::vector<ForeignLease>& foreign);

  DenialLog& denials_;
  FreezeStore& store_;
  LeaseAlarm& alarm_;
  const Clock& clock_;
  LeaseLimits limits_;
  const int64_t freeze_after_;
  std::set<std::string> frozen_;
};

}  // namespace latchkey::keyvault
