// RootKeyStore: which root key wraps which tenant's key.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/id.h"
#include "lib/base/task.h"
#include "services/keyvault/domain/audit.h"

namespace latchkey::keyvault {

// A tenant's key as it stands in its row.
struct WrappedKey {
  WrappedKey(TenantId its_tenant, std::string its_blob)
      : tenant(std::move(its_tenant)), blob(std::move(its_blob)) {}

  TenantId tenant;
  std::string blob;  // Names its root key (lib/secret/blob.h).
};

struct RootKeyRows {
  std::string root_key_id;
  int64_t rows = 0;
};

// What a shredding took away.
struct Shredded {
  int keys = 0;
  int revoked_leases = 0;
};

// Every error but those named is Postgres' (lib/pg/pool.h).
class RootKeyStore {
 public:
  virtual ~RootKeyStore() = default;

  // How many rows each root key wraps, by its id.
  virtual Task<absl::StatusOr<std::vector<RootKeyRows>>> CountByRootKey() = 0;

  // At most `limit` tenants' keys that another root key than `current` wraps, by tenant, from after
  // `after` on ("" for the first).
  virtual Task<absl::StatusOr<std::vector<WrappedKey>>> ListForeign(const std::string& current,
                                                                    const std::string& after,
                                                                    int limit) = 0;

  // Puts `fresh` in place of `old`, with an audit row. False: it is no longer `old`; nothing was
  // done. kFailedPrecondition `root_key_retired`: fresh's root key is.
  virtual Task<absl::StatusOr<bool>> Replace(const WrappedKey& old, const std::string& fresh,
                                             const Actor& actor) = 0;

  // Notes that a root key is retired, with an audit row, unless a row needs it: says how many do.
  // Nothing is wrapped by a retired key afterwards.
  virtual Task<absl::StatusOr<int64_t>> Retire(const std::string& root_key_id,
                                               const Actor& actor) = 0;

  virtual Task<absl::StatusOr<bool>> IsRetired(const std::string& root_key_id) = 0;

  // Deletes the tenant's key with all that it wraps, and what was remembered of its saves, and
  // revokes its live leases; with an audit row. kNotFound `tenant_not_found`.
  // The leases end in parts, before its key goes: after an error some may have ended, and the same
  // again does the rest. kAborted `revocation_lost_race`: very many were granted meanwhile.
  virtual Task<absl::StatusOr<Shredded>> Shred(const TenantId& tenant, const Actor& actor) = 0;
};

}  // namespace latchkey::keyvault
