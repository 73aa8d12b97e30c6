#include "lib/secret/digest.h"

#include <sodium.h>

namespace latchkey::secret {

std::string Sha256(std::string_view message) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<uint8_t*>(hash.data()),
                     reinterpret_cast<const uint8_t*>(message.data()), message.size());
  return hash;
}

}  // namespace latchkey::secret
