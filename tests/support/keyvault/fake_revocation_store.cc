#include "tests/support/keyvault/fake_revocation_store.h"

#include <variant>

namespace latchkey::keyvault {

FakeRevocationStore::FakeRevocationStore(FakeKeyStore& keys, FakeLeaseStore& leases,
                                         const Clock& clock)
    : keys_(keys), leases_(leases), clock_(clock) {
  keys_.revoke_leases = [this](const KeyId& key, const Actor& actor) {
    return RevokeNow(key, RevocationReason::kKeyDeleted, actor);
  };
}

bool FakeRevocationStore::Hits(const RevocationTarget& target,
                               const FakeLeaseStore::Row& row) const {
  if (!leases_.Live(row)) return false;
  if (const auto* key = std::get_if<KeyId>(&target)) return row.key == *key;
  if (const auto* tenant = std::get_if<TenantId>(&target)) return row.tenant == *tenant;
  if (const auto* caller = std::get_if<OfCaller>(&target)) return row.caller == caller->spiffe_id;
  return true;
}

int FakeRevocationStore::RevokeNow(const RevocationTarget& target, RevocationReason reason,
                                   const Actor& actor) {
  int count = 0;
  for (FakeLeaseStore::Row& row : leases_.rows()) {
    if (!Hits(target, row)) continue;
    row.released = true;
    told_.push_back({{++head_, row.id, row.call, reason}, row.caller, clock_.Now()});
    AuditRow audited(AuditAction::kRevoke, AuditOutcome::kDone, actor, row.tenant);
    audited.call = row.call.text();
    audited.reason = Word(reason);
    keys_.audit.push_back(std::move(audited));
    ++count;
  }
  return count;
}

Task<absl::StatusOr<int>> FakeRevocationStore::Revoke(const RevocationTarget& target,
                                                      RevocationReason reason, const Actor& actor) {
  if (!failure.ok()) co_return failure;
  co_return RevokeNow(target, reason, actor);
}

Task<absl::StatusOr<int64_t>> FakeRevocationStore::Head() {
  if (!failure.ok()) co_return failure;
  co_return head_;
}

Task<absl::StatusOr<std::vector<Revocation>>> FakeRevocationStore::List(const std::string& caller,
                                                                        int64_t cursor, int limit) {
  if (!failure.ok()) co_return failure;
  std::vector<Revocation> found;
  for (const Told& told : told_) {
    if (told.caller != caller || told.revocation.number <= cursor) continue;
    if (found.size() == static_cast<size_t>(limit)) break;
    found.push_back(told.revocation);
  }
  co_return found;
}

FakeLeaseStore::Row* FakeRevocationStore::FindLive(const std::string& caller, const LeaseId& id) {
  for (FakeLeaseStore::Row& row : leases_.rows()) {
    if (row.id == id && row.caller == caller && leases_.Live(row)) return &row;
  }
  return nullptr;
}

Task<absl::StatusOr<std::optional<HeldVersion>>> FakeRevocationStore::FindHeld(
    const std::string& caller, const LeaseId& id) {
  if (!failure.ok()) co_return failure;
  const FakeLeaseStore::Row* row = FindLive(caller, id);
  if (row == nullptr) co_return std::nullopt;
  HeldVersion held{id, caller, row->provider, row->version, row->switched_from, {}, {}};
  const int current = keys_.CurrentVersion(row->key);
  if (current > 0) held.current = current;
  for (int version = current - 1; version > 0 && !held.older.has_value(); --version) {
    if (keys_.FindVersion(row->key, version) != nullptr) held.older = version;
  }
  co_return held;
}

Task<absl::StatusOr<bool>> FakeRevocationStore::Switch(const HeldVersion& held,
                                                       const VersionChoice& to) {
  if (!failure.ok()) co_return failure;
  if (switches_to_lose > 0) {
    --switches_to_lose;
    co_return false;
  }
  FakeLeaseStore::Row* row = FindLive(held.caller, held.lease);
  if (row == nullptr || row->version != held.version || row->switched_from.has_value() ||
      keys_.FindVersion(row->key, to.version) == nullptr) {
    co_return false;
  }
  row->switched_from = row->version;
  row->version = to.version;
  AuditRow audited(AuditAction::kSwitch, AuditOutcome::kDone, Actor(held.caller), row->tenant);
  audited.call = row->call.text();
  audited.reason = to.fell_back ? "fell_back" : "";
  keys_.audit.push_back(std::move(audited));
  co_return true;
}

Task<absl::StatusOr<Lease>> FakeRevocationStore::GetLease(const std::string& caller,
                                                          const LeaseId& id) {
  if (!failure.ok()) co_return failure;
  const FakeLeaseStore::Row* row = FindLive(caller, id);
  const StoredKey* key = row == nullptr ? nullptr : keys_.FindVersion(row->key, row->version);
  if (key == nullptr) co_return LeaseNotFound();
  co_return Lease{row->id, row->call, row->caller, row->public_key, row->expire_time, true, *key};
}

Task<absl::Status> FakeRevocationStore::SweepRevocations() {
  if (!failure.ok()) co_return failure;
  std::erase_if(told_,
                [this](const Told& told) { return told.time < clock_.Now() - absl::Hours(1); });
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
