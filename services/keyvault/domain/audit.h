// Audit: what is written down about every use of a key. Ids and enums only: no free text, no key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/id.h"
#include "services/keyvault/domain/key.h"

namespace latchkey::keyvault {

enum class AuditAction {
  kSave,
  kTest,
  kDelete,
  kLease,
  kRelease,
  kSwitch,  // A lease took its key's other version.
  kRevoke,
  kRewrap,  // The tenant's key was moved to another root key, which the reason names.
  kRetire,  // Of a root key, which the reason names; under the platform's tenant.
  kShred,
  kFreeze,  // Of a media instance; under the platform's tenant, as its undoing.
  kUnfreeze,
  kSetSigningSecret,
  kRevalidate,  // A stored key goes to its provider for a probe. Written before it does.
  kHealth,      // A key's status changed; `reason` is the new one.
};
enum class AuditOutcome { kDone, kRepeated, kRefused };

// Who asked: a SPIFFE id, from the certificate.
struct Actor {
  explicit Actor(std::string id) : spiffe_id(std::move(id)) {}
  std::string spiffe_id;
};

// One row. What is not known, or is not meant, stays empty. Rows of grants, releases, saves and
// deletions are written by the stores in the transaction that does the thing; others on their own.
struct AuditRow {
  AuditRow(AuditAction what, AuditOutcome how, const Actor& who, TenantId whose)
      : action(what), outcome(how), actor(who.spiffe_id), tenant(std::move(whose)) {}

  AuditAction action;
  AuditOutcome outcome;
  std::string actor;  // SPIFFE id.
  TenantId tenant;    // Empty where it is not known: of a forged ticket.
  std::string number;
  int provider = 0;
  std::string key;
  int key_version = 0;
  std::string lease;
  std::string call;
  std::string reason;  // Of a refusal, from reasons.h, or of a revocation; or what was meant.
  int64_t count = 1;   // How often, where several of a minute are one row.
};

// As they stand in the table.
std::string_view Word(AuditAction action);
std::string_view Word(AuditOutcome outcome);

}  // namespace latchkey::keyvault
