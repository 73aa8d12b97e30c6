#include "tests/support/keyvault/fake_key_store.h"

#include "lib/base/error.h"
#include "lib/secret/blob.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

FakeKeyStore::SlotKey FakeKeyStore::KeyOf(const KeySlot& slot) {
  return {slot.tenant.text(), {static_cast<int>(slot.provider), slot.number.text()}};
}

Task<absl::StatusOr<std::string>> FakeKeyStore::EnsureTenantKey(const TenantId& tenant,
                                                                const std::string& fresh) {
  if (!failure.ok()) co_return failure;
  const bool there = tenant_keys_.contains(tenant.text());
  if (!there && retired_root_keys_.contains(secret::Blob::Parse(fresh)->key_id)) {
    co_return Error(absl::StatusCode::kFailedPrecondition, reason::kRootKeyRetired, "Retired.");
  }
  co_return tenant_keys_.try_emplace(tenant.text(), fresh).first->second;
}

Task<absl::StatusOr<std::vector<std::pair<TenantId, std::string>>>>
FakeKeyStore::SampleTenantKeys() {
  if (!failure.ok()) co_return failure;
  std::map<std::string, std::pair<TenantId, std::string>> by_root;
  for (const auto& [tenant, wrapped] : tenant_keys_) {
    by_root.try_emplace(secret::Blob::Parse(wrapped)->key_id, *TenantId::Parse(tenant), wrapped);
  }
  std::vector<std::pair<TenantId, std::string>> samples;
  for (const auto& [root, sample] : by_root) samples.push_back(sample);
  co_return samples;
}

Task<absl::StatusOr<StoredKey>> FakeKeyStore::Find(const KeySlot& slot) {
  if (!failure.ok()) co_return failure;
  const StoredKey* key = FindCurrent(slot);
  if (key == nullptr) co_return KeyNotFound(slot.provider);
  co_return *key;
}

Task<absl::StatusOr<std::optional<SavedRequest>>> FakeKeyStore::FindRequest(
    const TenantId& tenant, const std::string& request_id) {
  if (!failure.ok()) co_return failure;
  const auto found = requests_.find({tenant.text(), request_id});
  if (found == requests_.end()) co_return std::nullopt;
  co_return SavedRequest{found->second};
}

Task<absl::Status> FakeKeyStore::Save(const NewVersion& version, const Actor& actor) {
  if (!failure.ok()) co_return failure;
  const KeyInfo& info = version.info;
  const SlotKey slot = KeyOf(info.slot);
  const auto found = keys_.find(slot);
  const int current = found == keys_.end() ? 0 : found->second.current;
  const bool same_key = current == 0 || found->second.all.at(current).info.id == info.id;
  const std::pair<std::string, std::string> request(info.slot.tenant.text(), version.request_id);
  if (races_to_lose > 0 || !same_key || info.version != current + 1 ||
      requests_.contains(request)) {
    races_to_lose -= races_to_lose > 0 ? 1 : 0;
    co_return Error(absl::StatusCode::kAborted, reason::kSaveLostRace, "Somebody was faster.");
  }
  requests_.emplace(request, info.slot);
  Versions& versions = keys_[slot];
  versions.current = info.version;
  if (now) versions.superseded[info.version - 1] = now();
  const StoredKey key{info, "", version.sealed};
  versions.all.insert_or_assign(info.version, key);
  audit.emplace_back(AuditAction::kSave, AuditOutcome::kDone, actor, info.slot.tenant);
  co_return absl::OkStatus();
}

Task<absl::StatusOr<int>> FakeKeyStore::Delete(const KeySlot& slot, LiveCalls live_calls,
                                               const Actor& actor) {
  if (!failure.ok()) co_return failure;
  const StoredKey* key = FindCurrent(slot);
  if (key == nullptr) co_return KeyNotFound(slot.provider);
  const KeyId id = key->info.id;
  keys_.erase(KeyOf(slot));
  audit.emplace_back(AuditAction::kDelete, AuditOutcome::kDone, actor, slot.tenant);
  if (live_calls == LiveCalls::kFinish || !revoke_leases) co_return 0;
  co_return revoke_leases(id, actor);
}

int FakeKeyStore::DropTenant(const TenantId& tenant) {
  tenant_keys_.erase(tenant.text());
  std::erase_if(requests_, [&](const auto& one) { return one.first.first == tenant.text(); });
  return static_cast<int>(
      std::erase_if(keys_, [&](const auto& one) { return one.first.first == tenant.text(); }));
}

int FakeKeyStore::CurrentVersion(const KeyId& id) const {
  for (const auto& [slot, versions] : keys_) {
    if (versions.all.at(versions.current).info.id == id) return versions.current;
  }
  return 0;
}

Task<absl::StatusOr<std::vector<KeyInfo>>> FakeKeyStore::List(const TenantId& tenant,
                                                              std::optional<KeyCursor> after,
                                                              int limit) {
  if (!failure.ok()) co_return failure;
  std::pair<int, std::string> cursor(0, "");
  if (after.has_value()) cursor = {static_cast<int>(after->provider), after->number};
  std::vector<KeyInfo> keys;
  for (const auto& [slot, versions] : keys_) {
    if (slot.first != tenant.text() || slot.second <= cursor) continue;
    if (keys.size() == static_cast<size_t>(limit)) break;
    keys.push_back(versions.all.at(versions.current).info);
  }
  co_return keys;
}

// As the view does: the tenant's key is the one that stands there now.
const StoredKey* FakeKeyStore::WithTenantKey(StoredKey& key) {
  key.tenant_key = tenant_keys_.at(key.info.slot.tenant.text());
  return &key;
}

const StoredKey* FakeKeyStore::FindVersion(const KeyId& id, int version) {
  for (auto& [slot, versions] : keys_) {
    const auto found = versions.all.find(version);
    if (found != versions.all.end() && found->second.info.id == id) {
      return WithTenantKey(found->second);
    }
  }
  return nullptr;
}

KeyInfo* FakeKeyStore::FindCurrentInfo(const KeyId& id) {
  for (auto& [slot, versions] : keys_) {
    KeyInfo& info = versions.all.at(versions.current).info;
    if (info.id == id) return &info;
  }
  return nullptr;
}

std::vector<KeyId> FakeKeyStore::ListIds() const {
  std::vector<KeyId> ids;
  for (const auto& [slot, versions] : keys_) {
    ids.push_back(versions.all.at(versions.current).info.id);
  }
  return ids;
}

const StoredKey* FakeKeyStore::FindCurrent(const KeySlot& slot) {
  const auto found = keys_.find(KeyOf(slot));
  if (found == keys_.end()) return nullptr;
  return WithTenantKey(found->second.all.at(found->second.current));
}

}  // namespace latchkey::keyvault
