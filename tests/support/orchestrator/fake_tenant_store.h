// FakeTenantStore and FakeApiKeyStore: tenants and their API keys in memory.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "lib/base/error.h"
#include "services/orchestrator/domain/ports.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {

class FakeTenantStore final : public TenantStore {
 public:
  Task<absl::StatusOr<Tenant>> Create(const Tenant& tenant,
                                      const std::string& request_id) override {
    if (!failure.ok()) co_return failure;
    const auto [request, fresh] = requests_.emplace(request_id, tenant.id.text());
    if (fresh) tenants_[tenant.id.text()] = tenant;
    co_return tenants_.at(request->second);
  }

  Task<absl::StatusOr<Tenant>> Find(const TenantId& tenant) override {
    if (!failure.ok()) co_return failure;
    if (!Has(tenant)) co_return TenantNotFound();
    co_return tenants_.at(tenant.text());
  }

  Task<absl::StatusOr<Tenant>> Change(const TenantId& tenant, const TenantChange& change) override {
    if (!failure.ok()) co_return failure;
    if (!Has(tenant)) co_return TenantNotFound();
    Tenant changed = tenants_.at(tenant.text());
    changed.plan = change.plan.value_or(changed.plan);
    changed.mode = change.mode.value_or(changed.mode);
    changed.onboarded = change.onboarded.value_or(changed.onboarded);
    changed.rules = change.rules.value_or(changed.rules);
    if (changed.mode == Mode::kByok && !IncludesByokMode(changed.plan)) {
      co_return Error(absl::StatusCode::kFailedPrecondition, reasons::kPlanRequired, "Plan.");
    }
    tenants_[tenant.text()] = changed;
    co_return changed;
  }

  bool Has(const TenantId& tenant) const { return tenants_.contains(tenant.text()); }
  const Tenant& Get(const TenantId& tenant) const { return tenants_.at(tenant.text()); }

  absl::Status failure;  // What every method answers while it is not OK.

 private:
  std::map<std::string, Tenant> tenants_;
  std::map<std::string, std::string> requests_;
};

class FakeApiKeyStore final : public ApiKeyStore {
 public:
  explicit FakeApiKeyStore(const FakeTenantStore& tenants) : tenants_(tenants) {}

  Task<absl::Status> Create(const ApiKey& key, const std::string& hash) override {
    if (!tenants_.Has(key.tenant)) co_return TenantNotFound();
    keys_.emplace(hash, key);
    co_return absl::OkStatus();
  }

  Task<absl::Status> Revoke(const ApiKeyId& key, absl::Time) override {
    for (const auto& [hash, kept] : keys_) {
      if (kept.id != key) continue;
      revoked_.insert(hash);
      co_return absl::OkStatus();
    }
    co_return Error(absl::StatusCode::kNotFound, reasons::kApiKeyNotFound, "No such API key.");
  }

  Task<absl::StatusOr<Principal>> FindByHash(const std::string& hash) override {
    const auto found = keys_.find(hash);
    if (found == keys_.end() || revoked_.contains(hash)) {
      co_return Error(absl::StatusCode::kUnauthenticated, reasons::kApiKeyUnknown, "Unknown.");
    }
    co_return Principal{tenants_.Get(found->second.tenant), found->second.id};
  }

 private:
  const FakeTenantStore& tenants_;
  std::map<std::string, ApiKey> keys_;
  std::set<std::string> revoked_;
};

}  // namespace latchkey::orchestrator
