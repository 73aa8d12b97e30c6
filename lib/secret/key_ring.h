// KeyRing: the root keys, by id; one of them is current.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/secret/sealed_box.h"
#include "lib/secret/sealing_key.h"

namespace latchkey::secret {

// Only keyvault makes one. Immutable.
class KeyRing {
 public:
  // One root key: 32 bytes in base64, as `latchkey-keyvault --generate-root-key` prints it. Its id
  // is made from its hash, so the same key has the same id everywhere.
  // kFailedPrecondition `root_key_missing`, `root_key_malformed` or `root_key_wrong_length`: the
  // message is a sentence for the operator that names `source` and says what to do.
  static absl::StatusOr<KeyRing> FromBase64(std::string_view text, std::string_view source);

  // Several: lines of "<id> <base64>", and one line "current <id>". '#' begins a comment.
  // Errors as above, and `key_ring_malformed` with the line's number.
  static absl::StatusOr<KeyRing> FromFile(const std::string& path);
  static absl::StatusOr<KeyRing> Parse(std::string_view text, std::string_view source);

  const SealingKey& current() const;
  // Null when the ring has no such key.
  const SealingKey* Find(std::string_view id) const;
  std::vector<std::string> ids() const;

  // The pair that candidates are sealed to: derived from the current root key, so the same on every
  // replica. Its id is the root key's.
  BoxKeyPair IntakePair() const;

 private:
  KeyRing() = default;

  absl::Status ParseLine(std::string_view text, int line, std::string_view source);

  std::map<std::string, SealingKey, std::less<>> keys_;
  std::string current_;
};

// A new root key in base64, for `--generate-root-key`.
std::string GenerateRootKey();

}  // namespace latchkey::secret
