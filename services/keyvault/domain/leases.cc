#include "services/keyvault/domain/leases.h"

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

Task<absl::StatusOr<std::vector<LeasedKey>>> Leases::Lease(const Ticket& ticket,
                                                           const Presenter& presenter,
                                                           const secret::BoxPublicKey& public_key) {
  absl::Status checked = CheckTicket(ticket, presenter, clock_.Now());
  if (!checked.ok()) co_return co_await Refuse(ticket, presenter, std::move(checked));
  std::vector<LeaseId> ids;
  for (size_t i = 0; i < ticket.grants.size(); ++i) ids.push_back(LeaseId::Make(random_));
  const LeaseApplication application(ticket, presenter.spiffe_id, public_key.bytes(),
                                     std::move(ids), ttl_);
  absl::StatusOr<TicketLeases> found = co_await store_.Grant(application);
  if (!found.ok()) co_return found.status();
  if (!found->granted_now) {
    absl::Status repeated = co_await CheckAndAuditRepeat(application, *found);
    if (!repeated.ok()) co_return repeated;
  }
  std::vector<LeasedKey> keys;
  for (const keyvault::Lease& lease : found->leases) {
    absl::StatusOr<LeasedKey> key = SealFor(lease, public_key);
    if (!key.ok()) co_return key.status();
    keys.push_back(*std::move(key));
  }
  co_return keys;
}

Task<absl::StatusOr<std::vector<Renewal>>> Leases::Renew(const Presenter& presenter,
                                                         const std::vector<LeaseId>& ids) {
  if (ids.size() > kRenewalsMax) {
    co_return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest,
                    "At most 10000 leases are renewed in one request.");
  }
  co_return co_await store_.Renew(presenter.spiffe_id, ids, ttl_);
}

Task<absl::StatusOr<int>> Leases::Release(const Presenter& presenter, const CallId& call) {
  co_return co_await store_.Release(presenter.spiffe_id, call);
}

// The refusal stands even when it cannot be written down.
Task<absl::Status> Leases::Refuse(const Ticket& ticket, const Presenter& presenter,
                                  absl::Status why) {
  const AuditRow row{AuditAction::kLease, AuditOutcome::kRefused,
                     presenter.spiffe_id, ticket.tenant,
                     ticket.call,         Reason(why)};
  absl::Status written = co_await store_.Write(row);
  if (!written.ok()) co_return WithMetadata(std::move(why), "unaudited", Reason(written));
  co_return why;
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
  const AuditRow row{AuditAction::kLease, AuditOutcome::kRepeated,
                     application.caller,  ticket.tenant,
                     ticket.call,         ""};
  co_return co_await store_.Write(row);
}

absl::StatusOr<LeasedKey> Leases::SealFor(const keyvault::Lease& lease,
                                          const secret::BoxPublicKey& public_key) const {
  const KeyInfo& info = lease.key.info;
  const absl::StatusOr<secret::KeyFields> fields =
      envelope_.Open(lease.key.tenant_key, AddressOf(info), lease.key.sealed);
  if (!fields.ok()) return fields.status();
  const secret::LeaseTerms terms{lease.id.text(),
                                 info.slot.tenant.text(),
                                 static_cast<int>(info.slot.provider),
                                 lease.call.text(),
                                 lease.caller,
                                 lease.expire_time,
                                 info.version};
  LeasedKey key{lease.id, info.slot, info.version, lease.expire_time, {}};
  for (const auto& [name, value] : *fields) {
    absl::StatusOr<std::string> sealed =
        secret::SealedBox::Seal(public_key, value, secret::BindLease(terms, name));
    if (!sealed.ok()) return sealed.status();
    key.fields.push_back({name, *std::move(sealed)});
  }
  return key;
}

}  // namespace latchkey::keyvault
