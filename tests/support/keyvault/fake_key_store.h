// FakeKeyStore: KeyStore in memory, with switches for failure.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

class FakeKeyStore final : public KeyStore {
 public:
  Task<absl::StatusOr<std::string>> EnsureTenantKey(const TenantId& tenant,
                                                    const std::string& fresh) override;
  Task<absl::StatusOr<std::vector<std::pair<TenantId, std::string>>>> SampleTenantKeys() override;
  Task<absl::StatusOr<StoredKey>> Find(const KeySlot& slot) override;
  Task<absl::StatusOr<std::optional<SavedRequest>>> FindRequest(
      const TenantId& tenant, const std::string& request_id) override;
  Task<absl::Status> Save(const NewVersion& version, const Actor& actor) override;
  Task<absl::StatusOr<int>> Delete(const KeySlot& slot, LiveCalls live_calls,
                                   const Actor& actor) override;
  Task<absl::StatusOr<std::vector<KeyInfo>>> List(const TenantId& tenant,
                                                  std::optional<KeyCursor> after,
                                                  int limit) override;

  // For FakeLeaseStore: a version that is kept, or null.
  const StoredKey* FindVersion(const KeyId& id, int version);
  const StoredKey* FindCurrent(const KeySlot& slot);
  // For FakeHealthStore: what is told of a key's current version, or null; and all keys.
  KeyInfo* FindCurrentInfo(const KeyId& id);
  std::vector<KeyId> ListIds() const;
  // The clock of FakeLeaseStore, which sets it.
  std::function<absl::Time()> now;
  // Drops superseded versions for which `held` says no, and those of more than 70 minutes ago.
  template <typename Held>
  void DropSuperseded(Held held);

  // For FakeRootKeyStore: each tenant's wrapped key.
  std::map<std::string, std::string>& tenant_keys() { return tenant_keys_; }
  // Drops all of a tenant; says how many keys it had.
  int DropTenant(const TenantId& tenant);
  // For FakeRevocationStore: the current version of a key; 0: it is gone.
  int CurrentVersion(const KeyId& id) const;

  // Revokes the live leases of a key, and says how many; FakeRevocationStore sets it.
  std::function<int(const KeyId&, const Actor&)> revoke_leases;

  absl::Status failure;   // When it is an error, every method returns it.
  int races_to_lose = 0;  // So many saves find that somebody was faster.
  std::vector<AuditRow> audit;

 private:
  // (tenant, provider, number): as the table is ordered.
  using SlotKey = std::pair<std::string, std::pair<int, std::string>>;
  struct Versions {
    int current = 0;
    std::map<int, StoredKey> all;
    std::map<int, absl::Time> superseded;
  };

  static SlotKey KeyOf(const KeySlot& slot);
  const StoredKey* WithTenantKey(StoredKey& key);

  std::map<std::string, std::string> tenant_keys_;
  friend class FakeRootKeyStore;
  std::set<std::string> retired_root_keys_;
  std::map<SlotKey, Versions> keys_;
  std::map<std::pair<std::string, std::string>, KeySlot> requests_;
};

template <typename Held>
void FakeKeyStore::DropSuperseded(Held held) {
  for (auto& [slot, kept] : keys_) {
    const int current = kept.current;
    std::erase_if(kept.all, [this, &held, &kept = kept, current](const auto& entry) {
      if (entry.first == current) return false;
      const bool old = kept.superseded[entry.first] < now() - absl::Minutes(70);
      return old || !held(entry.second.info.id, entry.first);
    });
  }
}

}  // namespace latchkey::keyvault
