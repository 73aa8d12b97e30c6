// SealingKey: one AES-256 key of the envelope, that seals and opens blobs.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/secret/additional_data.h"
#include "lib/secret/secret.h"

namespace latchkey::secret {

// A key with its id. It encrypts and commits under two sub-keys of its own (crypto_kdf), never
// under itself, so it can also be derived from without one use touching another.
class SealingKey {
 public:
  static constexpr size_t kBytes = 32;

  // A fresh key with a random id.
  static SealingKey Make();
  // `key` has kBytes; `id` 1 to 64 characters.
  SealingKey(std::string id, Secret key);

  const std::string& id() const { return id_; }

  // A blob (blob.h) that opens with this key and this additional data only. The nonce is random:
  // a key seals at most 2^32 blobs (NIST SP 800-38D, section 8.3), and ours seal a few each.
  std::string Seal(const Secret& plain, const AdditionalData& data) const;

  // kInvalidArgument `blob_unreadable`: not a blob, not under this key, not bound to `data`, or
  // changed. One answer for all, since nobody outside should learn which.
  absl::StatusOr<Secret> Open(std::string_view blob, const AdditionalData& data) const;

  // Another key of the envelope, as a blob under this one. Unwrap reads the id of the wrapped key
  // from inside.
  std::string Wrap(const SealingKey& inner, const AdditionalData& data) const;
  absl::StatusOr<SealingKey> Unwrap(std::string_view blob, const AdditionalData& data) const;

  // 32 bytes for another use. `context` has 8 characters (crypto_kdf_CONTEXTBYTES).
  Secret Derive(uint64_t number, std::string_view context) const;

 private:
  std::string id_;
  Secret key_;
};

}  // namespace latchkey::secret
