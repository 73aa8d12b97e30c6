// SigningSecretStore in Postgres, schema keyvault.
#pragma once

#include "lib/pg/pool.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/signing_secret_store.h"

namespace latchkey::keyvault {

// The pool and the chain outlive it.
class PostgresSigningSecretStore final : public SigningSecretStore {
 public:
  PostgresSigningSecretStore(pg::Pool& pool, const AuditChain& chain)
      : pool_(pool), chain_(chain) {}

  Task<absl::StatusOr<std::optional<StoredSigningSecret>>> Find(const TenantId& tenant) override;
  Task<absl::StatusOr<bool>> KnowsRequest(const TenantId& tenant,
                                          const std::string& request_id) override;
  Task<absl::Status> Save(const SigningSecretVersion& secret, const Actor& actor) override;

 private:
  pg::Pool& pool_;
  const AuditChain& chain_;
};

}  // namespace latchkey::keyvault
