// Ed25519 signatures: what dialer puts under a ticket and keyvault checks.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/secret/secret.h"

namespace latchkey::secret {

// The label that stands before a ticket's bytes when they are signed, so that a signature over
// anything else is never one over a ticket.
inline constexpr std::string_view kTicketLabel = "latchkey call ticket v1";

// Checks signatures. Not secret.
class VerifyingKey {
 public:
  // 32 bytes. kInvalidArgument `malformed_public_key` otherwise.
  static absl::StatusOr<VerifyingKey> Parse(std::string_view bytes);
  // A file that holds the 32 bytes in base64, as `latchkey-keyvault --generate-ticket-key` writes
  // ticket.pub. kFailedPrecondition `key_file_unusable` says what is wrong with which file.
  static absl::StatusOr<VerifyingKey> FromFile(const std::string& path);

  // True if `signature` is over `label` followed by `message`.
  bool Verify(std::string_view label, std::string_view message, std::string_view signature) const;

  const std::string& bytes() const { return bytes_; }

 private:
  friend class SigningKey;
  explicit VerifyingKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

// Makes signatures. The key stays in guarded memory.
class SigningKey {
 public:
  static SigningKey Make();
  // From a 32-byte seed. kInvalidArgument `malformed_key_material` for another length.
  static absl::StatusOr<SigningKey> FromSeed(const Secret& seed);
  // A file that holds the seed in base64, as `--generate-ticket-key` writes ticket.key.
  // kFailedPrecondition `key_file_unusable`.
  static absl::StatusOr<SigningKey> FromFile(const std::string& path);

  // 64 bytes over `label` followed by `message`.
  std::string Sign(std::string_view label, std::string_view message) const;

  const VerifyingKey& verifying_key() const { return verifying_key_; }

 private:
  friend class VerifyingKey;
  // A public key file is read like a secret one, though it is none.
  static absl::StatusOr<VerifyingKey> ReadPublic(const std::string& path);

  SigningKey(Secret secret_key, VerifyingKey verifying_key)
      : secret_key_(std::move(secret_key)), verifying_key_(std::move(verifying_key)) {}

  Secret secret_key_;
  VerifyingKey verifying_key_;
};

}  // namespace latchkey::secret
