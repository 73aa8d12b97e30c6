// Key material: what keyvault cannot start without, and how an operator makes it.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "lib/base/config.h"
#include "lib/secret/key_ring.h"
#include "lib/secret/signature.h"

namespace latchkey::keyvault {

struct KeyMaterial {
  secret::KeyRing ring;
  secret::VerifyingKey dialer;  // Verifies tickets.
};

// Reads the key ring, from the file that is set or else from TENANT_KEY_ENCRYPTION_KEY, whose value
// is then wiped from the environment, and dialer's public key.
// kFailedPrecondition with a sentence for the operator: lib/secret/key_ring.h, signature.h.
absl::StatusOr<KeyMaterial> LoadKeyMaterial(const Config& config);

// `--generate-root-key` prints a new root key. `--generate-ticket-key=<directory>` writes dialer's
// ticket.key (mode 0600) and ticket.pub. Returns the exit code, or nothing if neither is set.
std::optional<int> GenerateIfAsked(const Config& config);

}  // namespace latchkey::keyvault
