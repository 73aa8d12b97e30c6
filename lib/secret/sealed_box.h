// SealedBox: a secret on its way to one receiver, who alone can open it, and only as what it was.
//
// X25519 with an ephemeral key, BLAKE2b over (shared ‖ ephemeral ‖ receiver ‖ label) as the key,
// XChaCha20-Poly1305 with additional data. (libsodium's crypto_box_seal has no additional data, so
// a sealed key could be replayed under another lease.) Encoded: version byte 1, ephemeral public
// key 32, nonce 24, ciphertext, tag 16.
//
// Three things travel this way; `callers` of the protos say from whom to whom:
//   candidate  edge → keyvault's intake key
//   probe      keyvault → validator's one-time key
//   lease      keyvault → the key that media made for one call
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/secret/additional_data.h"
#include "lib/secret/secret.h"

namespace latchkey::secret {

// The largest encoding, for a field of the largest allowed key (512 bytes) with room to spare.
inline constexpr size_t kSealedBytesMax = 640;

// An X25519 public key.
class BoxPublicKey {
 public:
  static constexpr size_t kBytes = 32;

  // kInvalidArgument `malformed_public_key` unless it has 32 bytes.
  static absl::StatusOr<BoxPublicKey> Parse(std::string_view bytes);

  const std::string& bytes() const { return bytes_; }
  friend bool operator==(const BoxPublicKey&, const BoxPublicKey&) = default;

 private:
  friend class BoxKeyPair;
  explicit BoxPublicKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

// What a box is for and what it is bound to; both must be the same when it is opened.
struct BoxBinding {
  std::string label;  // Goes into the key: "lease v1".
  AdditionalData data;
};

// `provider` is the number of latchkey.type.v1.Provider, as in lib/provider's enum.
BoxBinding BindCandidate(std::string_view tenant_id, std::string_view number_id, int provider,
                         std::string_view field);
// A tenant's signing secret is no provider's: it comes in as a candidate of none, in this field.
inline constexpr int kNoProvider = 0;
inline constexpr std::string_view kSigningSecretField = "signing_secret";
BoxBinding BindProbe(int provider, std::string_view field);

// What a leased key is bound to.
struct LeaseTerms {
  std::string lease_id;
  std::string tenant_id;  // Of the key's scope.
  int provider = 0;
  std::string call_id;
  std::string caller;      // The SPIFFE id, "spiffe://latchkey/media/m1".
  absl::Time expire_time;  // Whole seconds count.
  int key_version = 0;
};
BoxBinding BindLease(const LeaseTerms& terms, std::string_view field);

class SealedBox {
 public:
  // Seals `secret` to `receiver`. kInvalidArgument `malformed_public_key` when the receiver's key
  // is one of the few that give no shared secret.
  static absl::StatusOr<std::string> Seal(const BoxPublicKey& receiver, const Secret& secret,
                                          const BoxBinding& binding);

  // Seals several secrets for one purpose to one receiver, with one agreement for all.
  //
  // The agreement is by far the dearest part of a box, and nothing is lost by sharing it: who can
  // open one of the boxes is their receiver, who can open all. Each has a nonce of its own, 24
  // random bytes, for which XChaCha20 is made, and is bound to its own data.
  class Sealer {
   public:
    // `label` as in BoxBinding. kInvalidArgument `malformed_public_key`, as above.
    static absl::StatusOr<Sealer> Make(const BoxPublicKey& receiver, std::string label);

    // The binding's label is the sealer's.
    std::string Seal(const Secret& secret, const BoxBinding& binding) const;

   private:
    Sealer(std::string label, std::string ephemeral_key, Secret key)
        : label_(std::move(label)),
          ephemeral_key_(std::move(ephemeral_key)),
          key_(std::move(key)) {}

    std::string label_;
    std::string ephemeral_key_;
    Secret key_;
  };
};

// What leases are sealed for; the label of BindLease.
inline constexpr std::string_view kLeaseLabel = "lease v1";

// A receiver's pair. The secret half stays in guarded memory.
class BoxKeyPair {
 public:
  // A fresh pair.
  static BoxKeyPair Make();
  // The pair that belongs to a 32-byte secret half.
  static BoxKeyPair FromSecret(Secret secret_key);

  const BoxPublicKey& public_key() const { return public_key_; }

  // Opens into guarded memory. kInvalidArgument `sealed_badly`: not sealed to this key, not bound
  // to this, or changed on the way.
  absl::StatusOr<Secret> Open(std::string_view sealed, const BoxBinding& binding) const;

  // Opens a field that the catalogue calls not secret (an account id, a phone number).
  absl::StatusOr<std::string> OpenText(std::string_view sealed, const BoxBinding& binding) const;

 private:
  friend class SealedBox;

  BoxKeyPair(Secret secret_key, BoxPublicKey public_key)
      : secret_key_(std::move(secret_key)), public_key_(std::move(public_key)) {}

  std::string_view SecretBytes() const;

  Secret secret_key_;
  BoxPublicKey public_key_;
};

}  // namespace latchkey::secret
