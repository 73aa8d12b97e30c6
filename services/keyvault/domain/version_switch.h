// VersionSwitch: which version a lease may hold when the provider refuses the one that it holds.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "lib/base/id.h"
#include "services/keyvault/domain/key.h"

namespace latchkey::keyvault {

// A live lease and the versions of its key that exist.
struct HeldVersion {
  LeaseId lease;
  std::string caller;
  Provider provider = Provider::kAnthropic;
  int version = 0;                   // That it holds.
  std::optional<int> switched_from;  // That it held before; set by its one switch.
  std::optional<int> current;        // The key's; nothing when the key is gone.
  std::optional<int> older;          // The youngest that the current one has superseded, if kept.
};

// What a lease is to hold.
struct VersionChoice {
  int version = 0;
  bool repeated = false;   // It holds it already: the same request came again.
  bool fell_back = false;  // An older one: the new key does not work, and somebody should know.
};

// Once for each lease: the current version if it holds a superseded one, else the older. `refused`
// is the version that the holder says the provider refused.
//
//   kFailedPrecondition  no_other_version          there is nothing to switch to
//   kFailedPrecondition  version_already_switched  it was switched before
//   kInvalidArgument     malformed_request         it does not hold `refused`, and never did
absl::StatusOr<VersionChoice> ChooseVersion(const HeldVersion& held, int refused);

// kNotFound `lease_not_found`.
absl::Status LeaseNotFound();

}  // namespace latchkey::keyvault
