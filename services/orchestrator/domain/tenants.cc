#include "services/orchestrator/domain/tenants.h"

#include <utility>

#include "lib/base/error.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr size_t kHashBytes = 32;

}  // namespace

Tenants::Tenants(TenantStore& tenants, ApiKeyStore& api_keys, ApiKeyMint& mint, const Clock& clock,
                 Random& random)
    : tenants_(tenants), api_keys_(api_keys), mint_(mint), clock_(clock), random_(random) {}

Task<absl::StatusOr<Tenant>> Tenants::Create(const NewTenant& wanted) {
  if (absl::Status id = ValidateRequestId(wanted.request_id); !id.ok()) co_return id;
  Tenant tenant;
  tenant.id = TenantId::Make(random_);
  tenant.name = wanted.name;
  tenant.country = wanted.country;
  tenant.currency = wanted.currency;
  tenant.plan = wanted.plan;
  tenant.rules = wanted.rules;
  tenant.create_time = clock_.Now();
  if (absl::Status valid = Validate(tenant); !valid.ok()) co_return valid;
  co_return co_await tenants_.Create(tenant, wanted.request_id);
}

Task<absl::StatusOr<Tenant>> Tenants::Update(const TenantId& tenant, std::optional<Plan> plan,
                                             const std::optional<CallingRules>& rules) {
  TenantChange change;
  change.plan = plan;
  change.rules = rules;
  if (rules.has_value()) {
    if (absl::Status valid = Validate(*rules); !valid.ok()) co_return valid;
  }
  if (plan.has_value() && !IncludesByokMode(*plan)) change.mode = Mode::kBundled;
  co_return co_await tenants_.Change(tenant, change);
}

Task<absl::StatusOr<Tenant>> Tenants::SetMode(const TenantId& tenant, Mode mode) {
  TenantChange change;
  change.mode = mode;
  co_return co_await tenants_.Change(tenant, change);
}

Task<absl::StatusOr<NewApiKey>> Tenants::CreateApiKey(const TenantId& tenant,
                                                      const std::string& label) {
  if (absl::Status valid = ValidateLabel(label); !valid.ok()) co_return valid;
  const ApiKey key{ApiKeyId::Make(random_), tenant, label, clock_.Now()};
  ApiKeyMint::Minted minted = mint_.Mint();
  absl::Status created = co_await api_keys_.Create(key, minted.hash);
  if (!created.ok()) co_return created;
  co_return NewApiKey{key.id, std::move(minted.text)};
}

Task<absl::Status> Tenants::RevokeApiKey(const ApiKeyId& key) {
  co_return co_await api_keys_.Revoke(key, clock_.Now());
}

Task<absl::StatusOr<Principal>> Tenants::Authenticate(const std::string& api_key_hash) {
  if (api_key_hash.size() != kHashBytes) co_return Malformed("api_key_hash has 32 bytes.");
  co_return co_await api_keys_.FindByHash(api_key_hash);
}

}  // namespace latchkey::orchestrator
