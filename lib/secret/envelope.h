// Envelope: root key → tenant key → data key → secret.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/secret/key_fields.h"
#include "lib/secret/key_ring.h"

namespace latchkey::secret {

// What a stored key is bound to, so that a blob copied to another row does not open.
struct KeyAddress {
  std::string tenant_id;
  std::string number_id;  // Empty for a key of the whole tenant.
  int provider = 0;       // The number of latchkey.type.v1.Provider.
  std::string key_id;
  int version = 0;
};

// One version of a key as it stands in Postgres. Nothing in it is secret without the root key.
struct SealedKey {
  std::string data_key;                       // A blob under the tenant's key.
  std::map<std::string, std::string> fields;  // Name → a blob under the data key.
  std::string fingerprint;                    // Keyed by the tenant's key; hex.
};

// Seals and opens keys. Stateless but for the ring, which outlives it.
class Envelope {
 public:
  explicit Envelope(const KeyRing& ring) : ring_(ring) {}

  // A new key for a tenant, wrapped by the current root key.
  std::string MakeTenantKey(std::string_view tenant_id) const;

  // OK when `tenant_key` can be opened. kFailedPrecondition `root_key_unknown`: it names the root
  // key's id that is wanted and those that are there. kFailedPrecondition `root_key_wrong`: the id
  // is there, and its bytes are others.
  absl::Status CheckTenantKey(std::string_view tenant_id, std::string_view tenant_key) const;

  // The same tenant key, wrapped by the current root key. Errors as CheckTenantKey, and kInternal
  // `blob_unreadable`.
  absl::StatusOr<std::string> Rewrap(std::string_view tenant_id, std::string_view tenant_key) const;

  // Seals all fields under a fresh data key.
  absl::StatusOr<SealedKey> Seal(std::string_view tenant_key, const KeyAddress& address,
                                 const KeyFields& fields) const;

  // kInternal `blob_unreadable` when anything does not fit: the row is damaged or was moved.
  absl::StatusOr<KeyFields> Open(std::string_view tenant_key, const KeyAddress& address,
                                 const SealedKey& sealed) const;

 private:
  absl::StatusOr<SealingKey> OpenTenantKey(std::string_view tenant_id,
                                           std::string_view tenant_key) const;

  const KeyRing& ring_;
};

}  // namespace latchkey::secret
