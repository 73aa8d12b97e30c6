// Digest: hashes without a key, for what is random enough that its hash tells nothing of it.
#pragma once

#include <string>
#include <string_view>

namespace latchkey::secret {

// SHA-256 of `message`, 32 bytes.
std::string Sha256(std::string_view message);

}  // namespace latchkey::secret
