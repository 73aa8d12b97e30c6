#include "services/keyvault/domain/version_switch.h"

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

absl::Status NoOtherVersion() {
  return Error(absl::StatusCode::kFailedPrecondition, reason::kNoOtherVersion,
               "The key has no other version that works. Save a new one.");
}

}  // namespace

absl::StatusOr<VersionChoice> ChooseVersion(const HeldVersion& held, int refused) {
  if (held.switched_from == refused) return VersionChoice{held.version, true, false};
  if (held.version != refused) {
    return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest,
                 "The lease does not hold the version that was refused.");
  }
  if (held.switched_from.has_value()) {
    return Error(absl::StatusCode::kFailedPrecondition, reason::kVersionAlreadySwitched,
                 "A lease is switched to its key's other version once. Save a new key.");
  }
  if (!held.current.has_value()) return NoOtherVersion();
  if (held.version < *held.current) return VersionChoice{*held.current, false, false};
  if (!held.older.has_value()) return NoOtherVersion();
  return VersionChoice{*held.older, false, true};
}

absl::Status LeaseNotFound() {
  return Error(absl::StatusCode::kNotFound, reason::kLeaseNotFound,
               "There is no such live lease of this instance.");
}

}  // namespace latchkey::keyvault
