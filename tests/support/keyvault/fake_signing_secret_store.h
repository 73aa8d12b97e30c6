// FakeSigningSecretStore: SigningSecretStore in memory.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"
#include "services/keyvault/domain/signing_secret_store.h"
#include "tests/support/keyvault/fake_key_store.h"

namespace latchkey::keyvault {

// Audit rows go to `keys.audit`; tenants' keys are `keys`' too.
class FakeSigningSecretStore final : public SigningSecretStore {
 public:
  FakeSigningSecretStore(FakeKeyStore& keys, const Clock& clock) : keys_(keys), clock_(clock) {}

  Task<absl::StatusOr<std::optional<StoredSigningSecret>>> Find(const TenantId& tenant) override {
    const auto tenant_key = keys_.tenant_keys().find(tenant.text());
    const auto found = current_.find(tenant.text());
    if (tenant_key == keys_.tenant_keys().end() || found == current_.end()) co_return std::nullopt;
    StoredSigningSecret stored = found->second;
    stored.tenant_key = tenant_key->second;
    if (clock_.Now() - set_.at(tenant.text()) >= kSigningOverlap) stored.previous.reset();
    co_return stored;
  }

  Task<absl::StatusOr<bool>> KnowsRequest(const TenantId& tenant,
                                          const std::string& request_id) override {
    co_return requests_.contains({tenant.text(), request_id});
  }

  Task<absl::Status> Save(const SigningSecretVersion& secret, const Actor& actor) override {
    const std::string tenant = secret.tenant.text();
    const auto found = current_.find(tenant);
    const int version = found == current_.end() ? 0 : found->second.version;
    if (!keys_.tenant_keys().contains(tenant) || secret.version != version + 1 ||
        !requests_.insert({tenant, secret.request_id}).second) {
      co_return Error(absl::StatusCode::kAborted, reason::kSaveLostRace, "Somebody was faster.");
    }
    std::optional<secret::SealedKey> previous;
    if (found != current_.end()) previous = found->second.sealed;
    current_[tenant] = {secret.tenant, secret.version, "", secret.sealed, std::move(previous)};
    set_[tenant] = clock_.Now();
    AuditRow row(AuditAction::kSetSigningSecret, AuditOutcome::kDone, actor, secret.tenant);
    row.key_version = secret.version;
    keys_.audit.push_back(std::move(row));
    co_return absl::OkStatus();
  }

 private:
  FakeKeyStore& keys_;
  const Clock& clock_;
  std::map<std::string, absl::Time> set_;  // When the current one was.
  std::map<std::string, StoredSigningSecret> current_;
  std::set<std::pair<std::string, std::string>> requests_;
};

}  // namespace latchkey::keyvault
