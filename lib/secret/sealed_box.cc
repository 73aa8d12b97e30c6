#include "lib/secret/sealed_box.h"

#include <fmt/format.h>
#include <sodium.h>

#include <cstdint>
#include <span>

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey::secret {

namespace {

constexpr char kVersion = 1;
constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kHeadBytes = 1 + BoxPublicKey::kBytes + kNonceBytes;

uint8_t* Bytes(std::string& text) { return reinterpret_cast<uint8_t*>(text.data()); }

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

absl::Status MalformedPublicKey() {
  return Error(absl::StatusCode::kInvalidArgument, "malformed_public_key",
               "This is not an X25519 public key. One has 32 bytes.");
}

absl::Status SealedBadly() {
  return Error(absl::StatusCode::kInvalidArgument, "sealed_badly",
               "A field cannot be opened: it is sealed to another key, for another purpose, or was "
               "changed on the way. Fetch the public key again and seal it anew.");
}

// What one side puts into the key derivation; false when the peer's key gives no shared secret.
bool DeriveKey(std::span<uint8_t> key, std::string_view secret_key, std::string_view peer,
               std::string_view ephemeral, std::string_view receiver, std::string_view label) {
  crypto_generichash_state state;
  uint8_t point[crypto_scalarmult_BYTES];
  const bool agreed = crypto_scalarmult(point, Bytes(secret_key), Bytes(peer)) == 0;
  if (agreed) {
    crypto_generichash_init(&state, nullptr, 0, key.size());
    crypto_generichash_update(&state, point, sizeof point);
    crypto_generichash_update(&state, Bytes(ephemeral), ephemeral.size());
    crypto_generichash_update(&state, Bytes(receiver), receiver.size());
    crypto_generichash_update(&state, Bytes(label), label.size());
    crypto_generichash_final(&state, key.data(), key.size());
  }
  sodium_memzero(point, sizeof point);
  sodium_memzero(&state, sizeof state);
  return agreed;
}

}  // namespace

absl::StatusOr<BoxPublicKey> BoxPublicKey::Parse(std::string_view bytes) {
  if (bytes.size() != kBytes) return MalformedPublicKey();
  return BoxPublicKey(std::string(bytes));
}

BoxBinding BindCandidate(std::string_view tenant_id, std::string_view number_id, int provider,
                         std::string_view field) {
  return {"candidate v1",
          {"latchkey candidate v1", tenant_id, number_id, fmt::to_string(provider), field}};
}

BoxBinding BindProbe(int provider, std::string_view field) {
  return {"probe v1", {"latchkey probe v1", fmt::to_string(provider), field}};
}

BoxBinding BindLease(const LeaseTerms& terms, std::string_view field) {
  return {std::string(kLeaseLabel),
          {"latchkey lease v1", terms.lease_id, terms.tenant_id, fmt::to_string(terms.provider),
           terms.call_id, terms.caller, fmt::to_string(absl::ToUnixSeconds(terms.expire_time)),
           fmt::to_string(terms.key_version), field}};
}

absl::StatusOr<std::string> SealedBox::Seal(const BoxPublicKey& receiver, const Secret& secret,
                                            const BoxBinding& binding) {
  const absl::StatusOr<Sealer> sealer = Sealer::Make(receiver, binding.label);
  if (!sealer.ok()) return sealer.status();
  return sealer->Seal(secret, binding);
}

absl::StatusOr<SealedBox::Sealer> SealedBox::Sealer::Make(const BoxPublicKey& receiver,
                                                          std::string label) {
  Prepare();
  const BoxKeyPair ephemeral = BoxKeyPair::Make();
  const std::string& ephemeral_key = ephemeral.public_key().bytes();
  Secret key = Secret::OfSize(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  const bool agreed = DeriveKey(key.Mutable(SecretAccess()), ephemeral.SecretBytes(),
                                receiver.bytes(), ephemeral_key, receiver.bytes(), label);
  if (!agreed) return MalformedPublicKey();
  return Sealer(std::move(label), ephemeral_key, std::move(key));
}

std::string SealedBox::Sealer::Seal(const Secret& secret, const BoxBinding& binding) const {
  Check(binding.label == label_, "a sealer seals for one purpose");
  const std::string_view plain = secret.Reveal(SecretAccess());
  const std::string& data = binding.data.bytes();
  std::string sealed(kHeadBytes + plain.size() + kTagBytes, '\0');
  sealed[0] = kVersion;
  ephemeral_key_.copy(sealed.data() + 1, ephemeral_key_.size());
  uint8_t* const nonce = Bytes(sealed) + 1 + BoxPublicKey::kBytes;
  randombytes_buf(nonce, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(Bytes(sealed) + kHeadBytes, nullptr, Bytes(plain),
                                             plain.size(), Bytes(data), data.size(), nullptr, nonce,
                                             Bytes(key_.Reveal(SecretAccess())));
  return sealed;
}

BoxKeyPair BoxKeyPair::Make() { return FromSecret(Secret::Random(crypto_scalarmult_SCALARBYTES)); }

BoxKeyPair BoxKeyPair::FromSecret(Secret secret_key) {
  Prepare();
  std::string public_key(BoxPublicKey::kBytes, '\0');
  crypto_scalarmult_base(Bytes(public_key), Bytes(secret_key.Reveal(SecretAccess())));
  return BoxKeyPair(std::move(secret_key), BoxPublicKey(std::move(public_key)));
}

std::string_view BoxKeyPair::SecretBytes() const { return secret_key_.Reveal(SecretAccess()); }

absl::StatusOr<Secret> BoxKeyPair::Open(std::string_view sealed, const BoxBinding& binding) const {
  if (sealed.size() < kHeadBytes + kTagBytes || sealed.size() > kSealedBytesMax ||
      sealed[0] != kVersion) {
    return SealedBadly();
  }
  const std::string_view ephemeral_key = sealed.substr(1, BoxPublicKey::kBytes);
  Secret key = Secret::OfSize(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  const bool agreed = DeriveKey(key.Mutable(SecretAccess()), SecretBytes(), ephemeral_key,
                                ephemeral_key, public_key_.bytes(), binding.label);
  if (!agreed) return SealedBadly();

  const std::string_view ciphertext = sealed.substr(kHeadBytes);
  const std::string& data = binding.data.bytes();
  Secret plain = Secret::OfSize(ciphertext.size() - kTagBytes);
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      plain.Mutable(SecretAccess()).data(), nullptr, nullptr, Bytes(ciphertext), ciphertext.size(),
      Bytes(data), data.size(), Bytes(sealed.substr(1 + BoxPublicKey::kBytes)),
      Bytes(key.Reveal(SecretAccess())));
  if (opened != 0) return SealedBadly();
  return plain;
}

absl::StatusOr<std::string> BoxKeyPair::OpenText(std::string_view sealed,
                                                 const BoxBinding& binding) const {
  const absl::StatusOr<Secret> opened = Open(sealed, binding);
  if (!opened.ok()) return opened.status();
  return std::string(opened->Reveal(SecretAccess()));
}

}  // namespace latchkey::secret
