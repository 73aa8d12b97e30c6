#include "services/keyvault/domain/leases.h"

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

Task<absl::StatusOr<std::vector<LeasedKey>>> Leases::Lease(const Ticket& ticket,
                                                           const Presenter& presenter,
                                                           const secret::BoxPublicKey& public_key) {
  absl::Status checked = CheckTicket(ticket, presenter, clock_.Now());
  if (checked.ok()) checked = guard_.Admit(ticket, presenter);
  if (!checked.ok()) co_return co_await Refuse(ticket, presenter, std::move(checked));
  std::vector<LeaseId> ids;
  for (size_t i = 0; i < ticket.grants.size(); ++i) ids.push_back(LeaseId::Make(random_));
  const LeaseApplication application(ticket, presenter.spiffe_id, public_key.bytes(),
                                     std::move(ids), ttl_);
  absl::StatusOr<TicketLeases> found = co_await store_.Grant(application);
  if (absl::IsPermissionDenied(found.status())) {
    absl::Status why = found.status();
    co_return co_await Refuse(ticket, presenter, std::move(why));
  }
  if (!found.ok()) co_return found.status();
  if (!found->granted_now) {
    absl::Status repeated = co_await CheckAndAuditRepeat(application, *found);
    if (!repeated.ok()) co_return repeated;
  }
  co_return SealLeases(envelope_, found->leases, public_key);
}

Task<absl::StatusOr<std::vector<Renewal>>> Leases::Renew(const Presenter& presenter,
                                                         const std::vector<LeaseId>& ids) {
  if (ids.size() > kRenewalsMax) {
    co_return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest,
                    "At most 10000 leases are renewed in one request.");
  }
  absl::StatusOr<std::vector<Renewal>> renewed =
      co_await store_.Renew(presenter.spiffe_id, ids, ttl_);
  // Ended, as a rule.
  if (renewed.ok() && renewed->size() < ids.size()) {
    co_await guard_.LookForForeign(presenter, ids, store_);
  }
  co_return renewed;
}

Task<absl::StatusOr<int>> Leases::Release(const Presenter& presenter, const CallId& call) {
  absl::StatusOr<int> released = co_await store_.Release(presenter.spiffe_id, call);
  if (released.ok() && *released == 0) co_await guard_.LookForForeign(presenter, call, store_);
  co_return released;
}

Task<void> Leases::LookForForeign(const Presenter& presenter, const std::vector<LeaseId>& told_of) {
  co_await guard_.LookForForeign(presenter, told_of, store_);
}

Task<absl::Status> Leases::Refuse(const Ticket& ticket, const Presenter& presenter,
                                  absl::Status why) {
  co_return co_await guard_.Deny(presenter, ticket.tenant, ticket.call, std::move(why));
}

// Nothing that it says can be believed, not even whose it is.
Task<absl::Status> Leases::RefuseForged(const Presenter& presenter, absl::Status why) {
  const TenantId nobody;
  const CallId none;
  co_return co_await guard_.Deny(presenter, nobody, none, std::move(why));
}

Task<absl::Status> Leases::CheckAndAuditRepeat(const LeaseApplication& application,
                                               const TicketLeases& found) {
  const Ticket& ticket = application.ticket;
  absl::Status allowed = CheckRepeat(application, found.leases);
  if (!allowed.ok()) {
    const Presenter presenter(ticket.media_instance, application.caller);
    co_return co_await Refuse(ticket, presenter, std::move(allowed));
  }
  // Keys leave again, so this is written before they do.
  for (const keyvault::Lease& lease : found.leases) {
    const KeyInfo& info = lease.key.info;
    AuditRow row(AuditAction::kLease, AuditOutcome::kRepeated, Actor(application.caller),
                 info.slot.tenant);
    row.number = info.slot.number.text();
    row.provider = static_cast<int>(info.slot.provider);
    row.key = info.id.text();
    row.key_version = info.version;
    row.lease = lease.id.text();
    row.call = lease.call.text();
    absl::Status written = co_await log_.Write(row);
    if (!written.ok()) co_return written;
  }
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
