#include "tests/support/keyvault/fake_lease_store.h"

#include <algorithm>

namespace latchkey::keyvault {

absl::Time FakeLeaseStore::EndOf(absl::Duration ttl, absl::Time lease_until) const {
  const absl::Time end = std::min(clock_.Now() + ttl, lease_until);
  return absl::FromUnixSeconds(absl::ToUnixSeconds(end));
}

Task<absl::StatusOr<TicketLeases>> FakeLeaseStore::Grant(const LeaseApplication& application) {
  if (!failure.ok()) co_return failure;
  const Ticket& ticket = application.ticket;
  const bool seen_before = std::any_of(rows_.begin(), rows_.end(),
                                       [&](const Row& row) { return row.nonce == ticket.nonce; });
  if (seen_before) co_return Found(ticket.nonce, false);
  for (const KeySlot& grant : ticket.grants) {
    if (keys_.FindCurrent(grant) == nullptr) co_return KeyNotFound(grant.provider);
  }
  for (size_t i = 0; i < ticket.grants.size(); ++i) {
    const KeyInfo& key = keys_.FindCurrent(ticket.grants[i])->info;
    rows_.push_back({application.lease_ids[i], ticket.nonce, ticket.call, application.caller,
                     application.public_key, key.id, key.version, key.slot.provider,
                     key.slot.tenant, EndOf(application.ttl, ticket.lease_until),
                     ticket.lease_until, ticket.expire_time});
    keys_.audit.push_back({AuditAction::kLease, AuditOutcome::kDone, application.caller,
                           key.slot.tenant, ticket.call, ""});
  }
  co_return Found(ticket.nonce, true);
}

absl::StatusOr<TicketLeases> FakeLeaseStore::Found(const std::string& nonce,
                                                   bool granted_now) const {
  TicketLeases found{granted_now, {}};
  for (const Row& row : rows_) {
    if (row.nonce != nonce) continue;
    const StoredKey* key = keys_.FindVersion(row.key, row.version);
    if (key == nullptr) return KeyNotFound(row.provider);
    found.leases.push_back(
        {row.id, row.call, row.caller, row.public_key, row.expire_time, Live(row), *key});
  }
  return found;
}

Task<absl::StatusOr<std::vector<Renewal>>> FakeLeaseStore::Renew(const std::string& caller,
                                                                 const std::vector<LeaseId>& ids,
                                                                 absl::Duration ttl) {
  if (!failure.ok()) co_return failure;
  std::vector<Renewal> renewed;
  for (Row& row : rows_) {
    if (row.caller != caller || !Live(row) || std::ranges::count(ids, row.id) == 0) continue;
    row.expire_time = std::max(row.expire_time, EndOf(ttl, row.lease_until));
    renewed.push_back({row.id, row.expire_time});
  }
  co_return renewed;
}

Task<absl::StatusOr<int>> FakeLeaseStore::Release(const std::string& caller, const CallId& call) {
  if (!failure.ok()) co_return failure;
  int count = 0;
  for (Row& row : rows_) {
    if (row.caller != caller || row.call != call || !Live(row)) continue;
    row.released = true;
    ++count;
    keys_.audit.push_back(
        {AuditAction::kRelease, AuditOutcome::kDone, caller, row.tenant, call, ""});
  }
  co_return count;
}

Task<absl::Status> FakeLeaseStore::Write(const AuditRow& row) {
  if (!failure.ok()) co_return failure;
  if (!audit_failure.ok()) co_return audit_failure;
  keys_.audit.push_back(row);
  co_return absl::OkStatus();
}

Task<absl::Status> FakeLeaseStore::Sweep() {
  if (!failure.ok()) co_return failure;
  std::erase_if(rows_, [&](const Row& row) {
    return !Live(row) && row.ticket_expire_time < clock_.Now() - absl::Minutes(5);
  });
  keys_.DropSuperseded([&](const KeyId& id, int version) {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
      return row.key == id && row.version == version && Live(row);
    });
  });
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
