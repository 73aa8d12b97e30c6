#include "tests/support/keyvault/fake_lease_store.h"

#include <algorithm>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

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
  const bool ended = std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
    return row.call == ticket.call && row.caller == application.caller && row.given_back;
  });
  if (ended && ticket.purpose == TicketPurpose::kCall) {
    co_return Error(absl::StatusCode::kPermissionDenied, reason::kCallEnded, "The call has ended.");
  }
  for (const KeySlot& grant : ticket.grants) {
    if (keys_.FindCurrent(grant) == nullptr) co_return KeyNotFound(grant.provider);
  }
  for (size_t i = 0; i < ticket.grants.size(); ++i) {
    const KeyInfo& key = keys_.FindCurrent(ticket.grants[i])->info;
    rows_.push_back({application.lease_ids[i], ticket.nonce, ticket.call, application.caller,
                     application.public_key, key.id, key.version, key.slot.provider,
                     key.slot.tenant, EndOf(application.ttl, ticket.lease_until),
                     ticket.lease_until, ticket.expire_time, false, std::nullopt, false});
    AuditRow audited(AuditAction::kLease, AuditOutcome::kDone, Actor(application.caller),
                     key.slot.tenant);
    audited.call = ticket.call.text();
    keys_.audit.push_back(std::move(audited));
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
    row.given_back = true;
    ++count;
    AuditRow audited(AuditAction::kRelease, AuditOutcome::kDone, Actor(caller), row.tenant);
    audited.call = call.text();
    keys_.audit.push_back(std::move(audited));
  }
  co_return count;
}

Task<absl::StatusOr<std::vector<ForeignLease>>> FakeLeaseStore::FindForeign(
    const std::string& caller, const std::vector<LeaseId>& ids) {
  if (!failure.ok()) co_return failure;
  std::vector<ForeignLease> foreign;
  for (const Row& row : rows_) {
    if (row.caller == caller || std::ranges::count(ids, row.id) == 0) continue;
    foreign.push_back({row.id, row.tenant, row.call});
  }
  co_return foreign;
}

Task<absl::StatusOr<std::vector<ForeignLease>>> FakeLeaseStore::FindForeignOfCall(
    const std::string& caller, const CallId& call) {
  if (!failure.ok()) co_return failure;
  std::map<std::string, ForeignLease> by_tenant;
  for (const Row& row : rows_) {
    if (row.call != call) continue;
    if (row.caller == caller) co_return std::vector<ForeignLease>();
    by_tenant.try_emplace(row.tenant.text(), ForeignLease{row.id, row.tenant, row.call});
  }
  std::vector<ForeignLease> foreign;
  for (const auto& [tenant, lease] : by_tenant) foreign.push_back(lease);
  co_return foreign;
}

Task<absl::StatusOr<std::vector<LiveLeases>>> FakeLeaseStore::CountLive() {
  if (!failure.ok()) co_return failure;
  std::map<std::pair<std::string, std::string>, int64_t> counts;
  for (const Row& row : rows_) {
    if (Live(row)) ++counts[{row.tenant.text(), row.caller}];
  }
  std::vector<LiveLeases> live;
  for (const auto& [whose, count] : counts) live.push_back({whose.first, whose.second, count});
  co_return live;
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
