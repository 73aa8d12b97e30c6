// Blob: how a ciphertext stands in a row, with everything that is needed to open it but the key.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace latchkey::secret {

// Encoded: magic "LKB1" · format version 1 · algorithm 1 (AES-256-GCM) · length of the key id (1
// byte) · key id · commitment 32 · nonce 12 · ciphertext · tag 16.
//
// AES-GCM alone does not commit to its key: one ciphertext can be made to open under two. The
// commitment (BLAKE2b under a sub-key, over nonce and additional data) does, and is checked first.
struct Blob {
  static constexpr size_t kCommitmentBytes = 32, kNonceBytes = 12, kTagBytes = 16;
  static constexpr size_t kKeyIdBytesMax = 64;

  std::string key_id;  // 1 to kKeyIdBytesMax bytes.
  std::string commitment;
  std::string nonce;
  std::string ciphertext;  // With the tag.

  std::string Encode() const;
  // Untrusted bytes: any other length, magic, version or algorithm is kInvalidArgument
  // `blob_unreadable`.
  static absl::StatusOr<Blob> Parse(std::string_view bytes);
};

}  // namespace latchkey::secret
