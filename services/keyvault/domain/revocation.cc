#include "services/keyvault/domain/revocation.h"

#include "lib/base/check.h"

namespace latchkey::keyvault {

std::string_view Word(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::kKeyDeleted:
      return "key_deleted";
    case RevocationReason::kRevokedByOps:
      return "revoked_by_ops";
    case RevocationReason::kTenantShredded:
      return "tenant_shredded";
  }
  return "";
}

RevocationReason ParseRevocationReason(std::string_view word) {
  for (const RevocationReason reason :
       {RevocationReason::kKeyDeleted, RevocationReason::kRevokedByOps,
        RevocationReason::kTenantShredded}) {
    if (word == Word(reason)) return reason;
  }
  Check(false, "a revocation in a row has one of our reasons");
  return RevocationReason::kRevokedByOps;
}

}  // namespace latchkey::keyvault
