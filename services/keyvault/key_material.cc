#include "services/keyvault/key_material.h"

#include <sodium.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "lib/base/error.h"
#include "lib/secret/key_file.h"
#include "services/keyvault/config.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

absl::StatusOr<secret::KeyRing> LoadKeyRing(const Config& config) {
  const std::string file = config.Text("key-ring-file");
  if (!file.empty()) return secret::KeyRing::FromFile(file);
  char* const value = std::getenv(kRootKeyVariable);
  if (value == nullptr) return secret::KeyRing::FromBase64("", kRootKeyVariable);
  absl::StatusOr<secret::KeyRing> ring = secret::KeyRing::FromBase64(value, kRootKeyVariable);
  // It would stand in /proc/self/environ for as long as we run.
  sodium_memzero(value, std::strlen(value));
  unsetenv(kRootKeyVariable);
  return ring;
}

int GenerateTicketKey(const std::string& directory) {
  const absl::Status written = secret::GenerateTicketKey(directory);
  if (written.ok()) return EXIT_SUCCESS;
  std::cerr << Message(written) << "\n";
  return EXIT_FAILURE;
}

}  // namespace

absl::StatusOr<KeyMaterial> LoadKeyMaterial(const Config& config) {
  absl::StatusOr<secret::KeyRing> ring = LoadKeyRing(config);
  if (!ring.ok()) return ring.status();
  const std::string file = config.Text("ticket-public-key-file");
  if (file.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, reason::kKeyFileUnusable,
                 "--ticket-public-key-file is not set. It names dialer's ticket.pub; "
                 "`latchkey-keyvault --generate-ticket-key=<directory>` makes one.");
  }
  absl::StatusOr<secret::VerifyingKey> dialer = secret::VerifyingKey::FromFile(file);
  if (!dialer.ok()) return dialer.status();
  return KeyMaterial{*std::move(ring), *std::move(dialer)};
}

std::optional<int> GenerateIfAsked(const Config& config) {
  if (config.Has("generate-root-key")) {
    std::cout << secret::GenerateRootKey() << "\n";
    return EXIT_SUCCESS;
  }
  const std::string directory = config.Text("generate-ticket-key");
  if (directory.empty()) return std::nullopt;
  return GenerateTicketKey(directory);
}

}  // namespace latchkey::keyvault
