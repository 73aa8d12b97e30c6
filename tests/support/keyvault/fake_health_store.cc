#include "tests/support/keyvault/fake_health_store.h"

#include <algorithm>

namespace latchkey::keyvault {

KeyHealth& FakeHealthStore::HealthOf(const KeyId& key) {
  const KeyInfo& info = *keys_.FindCurrentInfo(key);
  const auto [found, fresh] = health_.try_emplace({key, info.version});
  if (fresh) {
    KeyHealth& health = found->second;
    health.status = info.status;
    health.since = info.status_time;
    health.reason = info.status_reason;
    health.validate_time = info.validate_time;
    health.call_ceiling = info.facts.call_ceiling;
    health.trial = info.facts.trial;
  }
  return found->second;
}

Task<absl::StatusOr<std::vector<SeenKey>>> FakeHealthStore::FindSeen(
    const std::string& caller, const std::vector<LeaseObservation>& observations) {
  if (!failure.ok()) co_return failure;
  std::vector<SeenKey> seen;
  for (size_t i = 0; i < observations.size(); ++i) {
    const int version = observations[i].key_version;
    for (const FakeLeaseStore::Row& row : leases_.rows()) {
      if (row.id != observations[i].lease || row.caller != caller) continue;
      if (row.version != version && row.switched_from != version) continue;
      const KeyInfo* current = keys_.FindCurrentInfo(row.key);
      if (current == nullptr || current->version != version) continue;
      seen.push_back({i, row.key, version, HealthOf(row.key)});
    }
  }
  co_return seen;
}

Task<absl::StatusOr<std::optional<KeyHealth>>> FakeHealthStore::Change(const KeyId& key,
                                                                       int version,
                                                                       const HealthChange& change,
                                                                       const Actor& actor) {
  if (!failure.ok()) co_return failure;
  KeyInfo* info = keys_.FindCurrentInfo(key);
  if (info == nullptr || info->version != version) co_return std::nullopt;
  ++changes;
  KeyHealth& health = HealthOf(key);
  const KeyStatus before = health.status;
  health = change(health, clock_.Now());
  info->status = health.status;
  info->status_time = health.since;
  info->status_reason = health.reason;
  info->validate_time = health.validate_time;
  info->facts.call_ceiling = health.call_ceiling;
  info->facts.trial = health.trial;
  if (health.status != before) {
    events.push_back(health.status);
    AuditRow row(AuditAction::kHealth, AuditOutcome::kDone, actor, info->slot.tenant);
    row.reason = Word(health.status);
    keys_.audit.push_back(std::move(row));
  }
  co_return health;
}

Task<absl::Status> FakeHealthStore::Plan(absl::Duration interval) {
  if (!failure.ok()) co_return failure;
  for (const KeyId& key : keys_.ListIds()) {
    KeyHealth& health = HealthOf(key);
    if (health.check_time.has_value()) continue;
    health.check_time = std::max(health.validate_time + interval, clock_.Now() + interval / 2);
  }
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<StoredKey>>> FakeHealthStore::ClaimDue(int limit,
                                                                       absl::Duration claim) {
  if (!failure.ok()) co_return failure;
  std::vector<StoredKey> due;
  for (const KeyId& key : keys_.ListIds()) {
    KeyHealth& health = HealthOf(key);
    if (!health.check_time.has_value() || *health.check_time > clock_.Now()) continue;
    if (due.size() == static_cast<size_t>(limit)) break;
    health.check_time = clock_.Now() + claim;
    const KeyInfo& info = *keys_.FindCurrentInfo(key);
    due.push_back(*keys_.FindVersion(key, info.version));
  }
  co_return due;
}

}  // namespace latchkey::keyvault
