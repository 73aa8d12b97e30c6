// Audit: what is written down about every use of a key. Ids and enums only: no free text, no key.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/id.h"
#include "services/keyvault/domain/key.h"

namespace latchkey::keyvault {

enum class AuditAction { kSave, kDelete, kLease, kRelease };
enum class AuditOutcome { kDone, kRepeated, kRefused };

// Who asked: a SPIFFE id, from the certificate.
struct Actor {
  explicit Actor(std::string id) : spiffe_id(std::move(id)) {}
  std::string spiffe_id;
};

// A row that is written on its own. Rows of grants, releases, saves and deletions are written by
// the stores in the transaction that does the thing.
struct AuditRow {
  AuditAction action;
  AuditOutcome outcome;
  std::string actor;  // SPIFFE id.
  TenantId tenant;
  CallId call;         // Empty where there is none.
  std::string reason;  // Of a refusal, from reasons.h; else empty.
};

// As they stand in the table.
std::string_view Word(AuditAction action);
std::string_view Word(AuditOutcome outcome);

}  // namespace latchkey::keyvault
