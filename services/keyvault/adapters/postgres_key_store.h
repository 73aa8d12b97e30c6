// KeyStore in Postgres, schema keyvault.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

// The pool and the chain outlive it.
class PostgresKeyStore final : public KeyStore {
 public:
  PostgresKeyStore(pg::Pool& pool, const AuditChain& chain) : pool_(pool), chain_(chain) {}

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

 private:
  Task<absl::StatusOr<int>> DeleteNow(const KeySlot& slot, LiveCalls live_calls,
                                      const Actor& actor);

  pg::Pool& pool_;
  const AuditChain& chain_;
};

}  // namespace latchkey::keyvault
