// Mac: keyed hashes under a secret.
#pragma once

#include <string>
#include <string_view>

#include "lib/secret/key_fields.h"
#include "lib/secret/secret.h"

namespace latchkey::secret {

class Mac {
 public:
  // HMAC-SHA1, 20 bytes: what Twilio signs its requests with. Not for anything new.
  static std::string HmacSha1(const Secret& key, std::string_view message);

  // HMAC-SHA256, 32 bytes: what webhooks and tool requests are signed with.
  static std::string HmacSha256(const Secret& key, std::string_view message);

  // BLAKE2b of all fields under `key`, 32 bytes in hex: tells whether two keys are the same, to
  // those who hold `key` only.
  static std::string Fingerprint(const Secret& key, const KeyFields& fields);

  // BLAKE2b of `message` under `key`, 32 bytes: what links the rows of an audit chain.
  static std::string Blake2b(const Secret& key, std::string_view message);
};

// Takes as long whatever the bytes are; a difference in length shows.
bool EqualInConstantTime(std::string_view a, std::string_view b);

// For what is not secret: ids, nonces, public keys.
std::string Base64(std::string_view bytes);
std::string Hex(std::string_view bytes);

}  // namespace latchkey::secret
