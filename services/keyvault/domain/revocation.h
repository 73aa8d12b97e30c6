// Revocation: a lease that ends before its time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "lib/base/id.h"

namespace latchkey::keyvault {

enum class RevocationReason { kKeyDeleted, kRevokedByOps, kTenantShredded };

// As it stands in the table, and in the audit row.
std::string_view Word(RevocationReason reason);
// Of what Word() gave. A row has no other.
RevocationReason ParseRevocationReason(std::string_view word);

// What a holder is told. `number` counts up with each; watchers go on from it.
struct Revocation {
  int64_t number = 0;
  LeaseId lease;
  CallId call;
  RevocationReason reason = RevocationReason::kKeyDeleted;
};

// Whose leases are revoked: those of one key, of one tenant's keys, of one holder, or all.
struct OfCaller {
  explicit OfCaller(std::string id) : spiffe_id(std::move(id)) {}
  std::string spiffe_id;  // "spiffe://latchkey/media/m1"
};
struct OfEverybody {};
using RevocationTarget = std::variant<KeyId, TenantId, OfCaller, OfEverybody>;

}  // namespace latchkey::keyvault
