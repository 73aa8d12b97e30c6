#include "lib/secret/signature.h"

#include <sodium.h>

#include "lib/base/error.h"
#include "lib/secret/key_file.h"

namespace latchkey::secret {

namespace {

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

}  // namespace

absl::StatusOr<VerifyingKey> VerifyingKey::Parse(std::string_view bytes) {
  Prepare();
  if (bytes.size() == crypto_sign_PUBLICKEYBYTES) return VerifyingKey(std::string(bytes));
  return Error(absl::StatusCode::kInvalidArgument, "malformed_public_key",
               "An Ed25519 public key has 32 bytes.");
}

absl::StatusOr<VerifyingKey> VerifyingKey::FromFile(const std::string& path) {
  return SigningKey::ReadPublic(path);
}

bool VerifyingKey::Verify(std::string_view label, std::string_view message,
                          std::string_view signature) const {
  if (signature.size() != crypto_sign_BYTES) return false;
  const std::string text = std::string(label) + std::string(message);
  return crypto_sign_verify_detached(Bytes(signature), Bytes(text), text.size(), Bytes(bytes_)) ==
         0;
}

SigningKey SigningKey::Make() { return *FromSeed(Secret::Random(crypto_sign_SEEDBYTES)); }

absl::StatusOr<SigningKey> SigningKey::FromSeed(const Secret& seed) {
  Prepare();
  if (seed.size() != crypto_sign_SEEDBYTES) {
    return Error(absl::StatusCode::kInvalidArgument, "malformed_key_material",
                 "The seed of an Ed25519 key has 32 bytes.");
  }
  Secret secret_key = Secret::OfSize(crypto_sign_SECRETKEYBYTES);
  std::string public_key(crypto_sign_PUBLICKEYBYTES, '\0');
  crypto_sign_seed_keypair(reinterpret_cast<uint8_t*>(public_key.data()),
                           secret_key.Mutable(SecretAccess()).data(),
                           Bytes(seed.Reveal(SecretAccess())));
  return SigningKey(std::move(secret_key), VerifyingKey(std::move(public_key)));
}

absl::StatusOr<SigningKey> SigningKey::FromFile(const std::string& path) {
  const absl::StatusOr<Secret> seed = KeyFile::ReadBase64(path, crypto_sign_SEEDBYTES);
  if (!seed.ok()) return seed.status();
  return FromSeed(*seed);
}

absl::StatusOr<VerifyingKey> SigningKey::ReadPublic(const std::string& path) {
  const absl::StatusOr<Secret> bytes = KeyFile::ReadBase64(path, crypto_sign_PUBLICKEYBYTES);
  if (!bytes.ok()) return bytes.status();
  return VerifyingKey::Parse(bytes->Reveal(SecretAccess()));
}

std::string SigningKey::Sign(std::string_view label, std::string_view message) const {
  const std::string text = std::string(label) + std::string(message);
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<uint8_t*>(signature.data()), nullptr, Bytes(text),
                       text.size(), Bytes(secret_key_.Reveal(SecretAccess())));
  return signature;
}

}  // namespace latchkey::secret
