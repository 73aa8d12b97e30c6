// RootKeyStore in Postgres, schema keyvault.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/root_key_store.h"

namespace latchkey::keyvault {

// The pool and the chain outlive it.
class PostgresRootKeyStore final : public RootKeyStore {
 public:
  PostgresRootKeyStore(pg::Pool& pool, const AuditChain& chain) : pool_(pool), chain_(chain) {}

  Task<absl::StatusOr<std::vector<RootKeyRows>>> CountByRootKey() override;
  Task<absl::StatusOr<std::vector<WrappedKey>>> ListForeign(const std::string& current,
                                                            const std::string& after,
                                                            int limit) override;
  Task<absl::StatusOr<bool>> Replace(const WrappedKey& old, const std::string& fresh,
                                     const Actor& actor) override;
  Task<absl::StatusOr<int64_t>> Retire(const std::string& root_key_id, const Actor& actor) override;
  Task<absl::StatusOr<bool>> IsRetired(const std::string& root_key_id) override;
  Task<absl::StatusOr<Shredded>> Shred(const TenantId& tenant, const Actor& actor) override;

 private:
  Task<absl::StatusOr<Shredded>> ShredNow(const TenantId& tenant, const Actor& actor);

  pg::Pool& pool_;
  const AuditChain& chain_;
};

}  // namespace latchkey::keyvault
