#include "lib/secret/sealing_key.h"

#include <sodium.h>

#include <algorithm>

#include "lib/base/check.h"
#include "lib/base/error.h"
#include "lib/secret/aes_gcm.h"
#include "lib/secret/blob.h"
#include "lib/secret/mac.h"

namespace latchkey::secret {

namespace {

// The sub-keys of a sealing key; each number is used for one thing, for ever.
constexpr std::string_view kContext = "lkblobv1";
constexpr uint64_t kEncryptionKey = 1;
constexpr uint64_t kCommitmentKey = 2;
constexpr std::string_view kCommitmentLabel = "latchkey blob commitment v1";

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

uint8_t* Bytes(std::string& text) { return reinterpret_cast<uint8_t*>(text.data()); }

absl::Status Unreadable() {
  return Error(absl::StatusCode::kInvalidArgument, "blob_unreadable",
               "A stored key cannot be opened: it is damaged, or it was moved from another row.");
}

std::string Commit(std::string_view key, std::string_view nonce, const AdditionalData& data) {
  const AdditionalData message{kCommitmentLabel, nonce, data.bytes()};
  std::string commitment(Blob::kCommitmentBytes, '\0');
  crypto_generichash(Bytes(commitment), commitment.size(), Bytes(message.bytes()),
                     message.bytes().size(), Bytes(key), key.size());
  return commitment;
}

}  // namespace

SealingKey SealingKey::Make() {
  Prepare();
  std::string id(8, '\0');
  randombytes_buf(id.data(), id.size());
  return SealingKey(Hex(id), Secret::Random(kBytes));
}

SealingKey::SealingKey(std::string id, Secret key) : id_(std::move(id)), key_(std::move(key)) {
  Check(key_.size() == kBytes, "a sealing key has 32 bytes");
  Check(!id_.empty() && id_.size() <= Blob::kKeyIdBytesMax, "a key id has 1 to 64 bytes");
}

std::string SealingKey::Seal(const Secret& plain, const AdditionalData& data) const {
  const Secret encryption = Derive(kEncryptionKey, kContext);
  const Secret commitment = Derive(kCommitmentKey, kContext);
  Blob blob;
  blob.key_id = id_;
  blob.nonce.resize(Blob::kNonceBytes);
  randombytes_buf(blob.nonce.data(), blob.nonce.size());
  blob.commitment = Commit(commitment.Reveal(SecretAccess()), blob.nonce, data);
  blob.ciphertext.resize(plain.size() + Blob::kTagBytes);
  AesGcmEncrypt(FastestAesPath(), encryption.Reveal(SecretAccess()), blob.nonce, data.bytes(),
                plain.Reveal(SecretAccess()), {Bytes(blob.ciphertext), blob.ciphertext.size()});
  return blob.Encode();
}

absl::StatusOr<Secret> SealingKey::Open(std::string_view blob, const AdditionalData& data) const {
  const absl::StatusOr<Blob> parsed = Blob::Parse(blob);
  if (!parsed.ok()) return parsed.status();
  if (parsed->key_id != id_) return Unreadable();
  const Secret commitment = Derive(kCommitmentKey, kContext);
  const std::string expected = Commit(commitment.Reveal(SecretAccess()), parsed->nonce, data);
  if (!EqualInConstantTime(expected, parsed->commitment)) return Unreadable();

  const Secret encryption = Derive(kEncryptionKey, kContext);
  Secret plain = Secret::OfSize(parsed->ciphertext.size() - Blob::kTagBytes);
  const bool genuine =
      AesGcmDecrypt(FastestAesPath(), encryption.Reveal(SecretAccess()), parsed->nonce,
                    data.bytes(), parsed->ciphertext, plain.Mutable(SecretAccess()));
  if (!genuine) return Unreadable();
  return plain;
}

std::string SealingKey::Wrap(const SealingKey& inner, const AdditionalData& data) const {
  // The key's 32 bytes, then its id.
  Secret plain = Secret::OfSize(kBytes + inner.id_.size());
  const std::span<uint8_t> bytes = plain.Mutable(SecretAccess());
  const std::string_view key = inner.key_.Reveal(SecretAccess());
  std::copy(key.begin(), key.end(), bytes.begin());
  std::copy(inner.id_.begin(), inner.id_.end(), bytes.begin() + kBytes);
  return Seal(plain, data);
}

absl::StatusOr<SealingKey> SealingKey::Unwrap(std::string_view blob,
                                              const AdditionalData& data) const {
  const absl::StatusOr<Secret> plain = Open(blob, data);
  if (!plain.ok()) return plain.status();
  if (plain->size() <= kBytes || plain->size() > kBytes + Blob::kKeyIdBytesMax) return Unreadable();
  const std::string_view bytes = plain->Reveal(SecretAccess());
  return SealingKey(std::string(bytes.substr(kBytes)), Secret(bytes.substr(0, kBytes)));
}

Secret SealingKey::Derive(uint64_t number, std::string_view context) const {
  Check(context.size() == crypto_kdf_CONTEXTBYTES, "a context has 8 characters");
  Secret derived = Secret::OfSize(kBytes);
  const std::span<uint8_t> out = derived.Mutable(SecretAccess());
  crypto_kdf_derive_from_key(out.data(), out.size(), number, context.data(),
                             Bytes(key_.Reveal(SecretAccess())));
  return derived;
}

}  // namespace latchkey::secret
