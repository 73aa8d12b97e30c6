// Key seed: a vault full of tenants' keys, written past keyvault, so that a run need not save each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/task.h"
#include "lib/pg/pool.h"
#include "lib/secret/envelope.h"

namespace latchkey::bench {

// What a composed call uses. Numbers of latchkey.type.v1.Provider.
inline constexpr int kSeedProviders[] = {1, 2, 3, 4};
inline constexpr int kKeysPerTenant = 4;

// "tnt_load17"
std::string SeedTenant(int tenant);
// The fields of a tenant's key, by name: as long as real ones, and each its own.
std::map<std::string, std::string> SeedFields(int tenant, int provider);

// Seals kKeysPerTenant keys for each of `tenants` tenants under the ring's current root key and
// writes them, in the form that services/keyvault/migrations gives. `pool` looks in the schema
// keyvault, as its owner.
Task<absl::Status> SeedKeys(pg::Pool& pool, const secret::Envelope& envelope,
                            const std::string& root_key_id, int tenants);

}  // namespace latchkey::bench
