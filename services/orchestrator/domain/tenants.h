// Tenants: makes tenants and their API keys, and says whose an API key is.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

// Where a tenant begins.
struct NewTenant {
  std::string request_id;
  std::string name;
  std::string country;
  std::string currency;
  Plan plan = Plan::kFree;
  CallingRules rules;
};

// Text is shown once, to who asked for the key.
struct NewApiKey {
  ApiKeyId id;
  std::string text;
};

// The ports outlive it. Lives on one io thread. Errors as the proto lists them.
class Tenants {
 public:
  Tenants(TenantStore& tenants, ApiKeyStore& api_keys, ApiKeyMint& mint, const Clock& clock,
          Random& random);

  // A tenant begins in bundled mode.
  Task<absl::StatusOr<Tenant>> Create(const NewTenant& wanted);

  // A plan without BYOK mode takes the tenant back to bundled mode.
  Task<absl::StatusOr<Tenant>> Update(const TenantId& tenant, std::optional<Plan> plan,
                                      const std::optional<CallingRules>& rules);

  Task<absl::StatusOr<Tenant>> SetMode(const TenantId& tenant, Mode mode);

  Task<absl::StatusOr<NewApiKey>> CreateApiKey(const TenantId& tenant, const std::string& label);
  Task<absl::Status> RevokeApiKey(const ApiKeyId& key);
  Task<absl::StatusOr<Principal>> Authenticate(const std::string& api_key_hash);

 private:
  TenantStore& tenants_;
  ApiKeyStore& api_keys_;
  ApiKeyMint& mint_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace latchkey::orchestrator
