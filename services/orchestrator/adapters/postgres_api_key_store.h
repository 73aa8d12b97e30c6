// PostgresApiKeyStore: API keys, as hashes, in the table api_keys.
#pragma once

#include "lib/pg/pool.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

class PostgresApiKeyStore final : public ApiKeyStore {
 public:
  explicit PostgresApiKeyStore(pg::Pool& pool) : pool_(pool) {}

  Task<absl::Status> Create(const ApiKey& key, const std::string& hash) override;
  Task<absl::Status> Revoke(const ApiKeyId& key, absl::Time when) override;
  Task<absl::StatusOr<Principal>> FindByHash(const std::string& hash) override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::orchestrator
