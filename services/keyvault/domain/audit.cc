#include "services/keyvault/domain/audit.h"

namespace latchkey::keyvault {

std::string_view Word(AuditAction action) {
  switch (action) {
    case AuditAction::kSave:
      return "save";
    case AuditAction::kTest:
      return "test";
    case AuditAction::kDelete:
      return "delete";
    case AuditAction::kLease:
      return "lease";
    case AuditAction::kRelease:
      return "release";
    case AuditAction::kSwitch:
      return "switch";
    case AuditAction::kRevoke:
      return "revoke";
    case AuditAction::kRewrap:
      return "rewrap";
    case AuditAction::kRetire:
      return "retire";
    case AuditAction::kShred:
      return "shred";
    case AuditAction::kFreeze:
      return "freeze";
    case AuditAction::kUnfreeze:
      return "unfreeze";
    case AuditAction::kSetSigningSecret:
      return "set_signing_secret";
    case AuditAction::kRevalidate:
      return "revalidate";
    case AuditAction::kHealth:
      return "health";
  }
  return "";
}

std::string_view Word(AuditOutcome outcome) {
  switch (outcome) {
    case AuditOutcome::kDone:
      return "done";
    case AuditOutcome::kRepeated:
      return "repeated";
    case AuditOutcome::kRefused:
      return "refused";
  }
  return "";
}

}  // namespace latchkey::keyvault
