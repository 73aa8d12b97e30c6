// SigningSecretStore: where tenants' signing secrets are kept, as SigningSecrets asks for it.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/task.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/domain/audit.h"

namespace latchkey::keyvault {

// A secret that was replaced signs for so long, beside the one in its place: a tenant's server
// learns of the new one when it is told.
inline constexpr absl::Duration kSigningOverlap = absl::Hours(24);

// A tenant's secret as it is kept.
struct StoredSigningSecret {
  TenantId tenant;
  int version = 1;
  std::string tenant_key;  // Wrapped.
  secret::SealedKey sealed;
  std::optional<secret::SealedKey> previous;  // Of version - 1, within kSigningOverlap.
};

// One version of it on its way into the store.
struct SigningSecretVersion {
  SigningSecretVersion(TenantId its_tenant, int its_version, std::string its_request_id,
                       secret::SealedKey its_sealed)
      : tenant(std::move(its_tenant)),
        version(its_version),
        request_id(std::move(its_request_id)),
        sealed(std::move(its_sealed)) {}

  TenantId tenant;
  int version;
  std::string request_id;
  secret::SealedKey sealed;  // With the one field secret::kSigningSecretField.
};

// Every error but those named is Postgres' (lib/pg/pool.h). Tenants' keys are KeyStore's.
class SigningSecretStore {
 public:
  virtual ~SigningSecretStore() = default;

  // The tenant's current secret, and the one before it; nothing if it has none.
  virtual Task<absl::StatusOr<std::optional<StoredSigningSecret>>> Find(const TenantId& tenant) = 0;

  // Whether this request has set one of the tenant's secrets.
  virtual Task<absl::StatusOr<bool>> KnowsRequest(const TenantId& tenant,
                                                  const std::string& request_id) = 0;

  // Makes `secret` the tenant's current one, forgets the bytes of all but the one before, and
  // writes the audit row, all in one. kAborted `save_lost_race`: another was set meanwhile, by this
  // request or by another one, or the tenant's key is gone; nothing was done.
  virtual Task<absl::Status> Save(const SigningSecretVersion& secret, const Actor& actor) = 0;
};

}  // namespace latchkey::keyvault
