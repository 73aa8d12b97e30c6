#include "services/keyvault/domain/lease_guard.h"

#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

absl::Status LeaseGuard::Admit(const Ticket& ticket, const Presenter& presenter) {
  if (frozen_.contains(presenter.spiffe_id)) {
    return Error(absl::StatusCode::kPermissionDenied, reason::kCallerFrozen,
                 "This instance is frozen, after too many tickets that were forged or another's. "
                 "An operator looks into it, and unfreezes it.");
  }
  const int64_t leases = static_cast<int64_t>(ticket.grants.size());
  absl::Status admitted =
      limits_.Admit(ticket.tenant.text(), presenter.spiffe_id, leases, clock_.Now());
  if (limits_.TakeAlarm(presenter.spiffe_id)) alarm_.OnManyTenants(presenter.spiffe_id);
  return admitted;
}

Task<absl::Status> LeaseGuard::Deny(const Presenter& presenter, const TenantId& tenant,
                                    const CallId& call, absl::Status why) {
  AuditRow row(AuditAction::kLease, AuditOutcome::kRefused, Actor(presenter.spiffe_id), tenant);
  row.call = call.text();
  co_return co_await Refuse(std::move(row), std::move(why));
}

Task<absl::Status> LeaseGuard::Refuse(AuditRow row, absl::Status why) {
  const std::string caller = row.actor;
  row.reason = Reason(why);
  const bool first = denials_.Count(row);
  alarm_.OnDenial(row, first);
  const bool stolen = Denials::Stolen(row);
  if (first) why = co_await denials_.Write(std::move(row), std::move(why));
  const bool too_many = stolen && denials_.StolenTickets(caller) >= freeze_after_;
  if (too_many && !frozen_.contains(caller)) {
    frozen_.insert(caller);  // At once; the store tells the other replicas.
    alarm_.OnFreeze(caller);
    const Actor self("spiffe://latchkey/keyvault");
    absl::StatusOr<bool> frozen = co_await store_.Freeze(caller, self);
    if (!frozen.ok()) why = WithMetadata(std::move(why), "unaudited", Reason(frozen.status()));
  }
  co_return why;
}

Task<void> LeaseGuard::LookForForeign(const Presenter& presenter, const std::vector<LeaseId>& asked,
                                      LeaseStore& leases) {
  absl::StatusOr<std::vector<ForeignLease>> foreign =
      co_await leases.FindForeign(presenter.spiffe_id, asked);
  if (!foreign.ok()) co_return;  // What was asked for is answered all the same: with nothing.
  co_await RefuseEach(presenter, AuditAction::kLease, *foreign);
}

Task<void> LeaseGuard::LookForForeign(const Presenter& presenter, const CallId& released,
                                      LeaseStore& leases) {
  absl::StatusOr<std::vector<ForeignLease>> foreign =
      co_await leases.FindForeignOfCall(presenter.spiffe_id, released);
  if (!foreign.ok()) co_return;
  co_await RefuseEach(presenter, AuditAction::kRelease, *foreign);
}

Task<void> LeaseGuard::RefuseEach(const Presenter& presenter, AuditAction action,
                                  const std::vector<ForeignLease>& foreign) {
  for (const ForeignLease& lease : foreign) {
    AuditRow row(action, AuditOutcome::kRefused, Actor(presenter.spiffe_id), lease.tenant);
    row.call = lease.call.text();
    absl::Status why = Error(absl::StatusCode::kPermissionDenied, reason::kLeaseForeign,
                             "The lease is another instance's.");
    const absl::Status denied = co_await Refuse(std::move(row), std::move(why));
    denied.IgnoreError();  // It is written down; the presenter is told something else.
  }
}

Task<absl::Status> LeaseGuard::Refresh(LeaseStore& leases) {
  absl::StatusOr<std::set<std::string>> frozen = co_await store_.ListFrozen();
  if (!frozen.ok()) co_return frozen.status();
  frozen_ = *std::move(frozen);
  absl::StatusOr<std::vector<LiveLeases>> live = co_await leases.CountLive();
  if (!live.ok()) co_return live.status();
  limits_.SetLive(*live);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<bool>> LeaseGuard::Freeze(const std::string& caller, const Actor& actor) {
  absl::StatusOr<bool> changed = co_await store_.Freeze(caller, actor);
  if (changed.ok()) frozen_.insert(caller);
  co_return changed;
}

Task<absl::StatusOr<bool>> LeaseGuard::Unfreeze(const std::string& caller, const Actor& actor) {
  absl::StatusOr<bool> changed = co_await store_.Unfreeze(caller, actor);
  if (changed.ok()) {
    frozen_.erase(caller);
    denials_.Forgive(caller);
  }
  co_return changed;
}

}  // namespace latchkey::keyvault
