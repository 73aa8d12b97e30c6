// FakeKeyStore: KeyStore in memory, with switches for failure.
#pragma once

#include <map>
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
  Task<absl::Status> Delete(const KeySlot& slot, const Actor& actor) override;
  Task<absl::StatusOr<std::vector<KeyInfo>>> List(const TenantId& tenant,
                                                  std::optional<KeyCursor> after,
                                                  int limit) override;

  // For FakeLeaseStore: a version that is kept, or null.
  const StoredKey* FindVersion(const KeyId& id, int version) const;
  const StoredKey* FindCurrent(const KeySlot& slot) const;
  // Drops superseded versions for which `held` says no.
  template <typename Held>
  void DropSuperseded(Held held);

  absl::Status failure;   // When it is an error, every method returns it.
  int races_to_lose = 0;  // So many saves find that somebody was faster.
  std::vector<AuditRow> audit;

 private:
  // (tenant, provider, number): as the table is ordered.
  using SlotKey = std::pair<std::string, std::pair<int, std::string>>;
  struct Versions {
    int current = 0;
    std::map<int, StoredKey> all;
  };

  static SlotKey KeyOf(const KeySlot& slot);

  std::map<std::string, std::string> tenant_keys_;
  std::map<SlotKey, Versions> keys_;
  std::map<std::pair<std::string, std::string>, KeySlot> requests_;
};

template <typename Held>
void FakeKeyStore::DropSuperseded(Held held) {
  for (auto& [slot, kept] : keys_) {
    const int current = kept.current;
    std::erase_if(kept.all, [&held, current](const auto& entry) {
      return entry.first < current && !held(entry.second.info.id, entry.first);
    });
  }
}

}  // namespace latchkey::keyvault
