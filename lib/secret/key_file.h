// KeyFile: key material in a file that only its owner may read.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/secret/secret.h"

namespace latchkey::secret {

class KeyFile {
 public:
  // Reads a file of at most 64 KiB into guarded memory.
  // kFailedPrecondition `key_file_unusable` names the file and says what is wrong with it.
  static absl::StatusOr<Secret> Read(const std::string& path);

  // The `size` bytes that a file holds in base64, white space around them allowed.
  static absl::StatusOr<Secret> ReadBase64(const std::string& path, size_t size);

  // Writes `secret` in base64 to a new file of mode 0600. Never replaces one.
  static absl::Status WriteBase64(const std::string& path, const Secret& secret);
};

// base64 text → bytes, in guarded memory. kInvalidArgument `malformed_base64`.
absl::StatusOr<Secret> ParseBase64(std::string_view text);

// Writes ticket.key (the seed, mode 0600) and ticket.pub into `directory`, for
// `--generate-ticket-key`.
absl::Status GenerateTicketKey(const std::string& directory);

}  // namespace latchkey::secret
