#include "lib/secret/mac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "lib/base/check.h"

namespace latchkey::secret {

namespace {

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

std::string Hmac(const EVP_MD* hash, size_t mac_bytes, std::string_view key,
                 std::string_view message) {
  std::string mac(mac_bytes, '\0');
  unsigned int size = 0;
  const uint8_t* done = HMAC(hash, key.data(), static_cast<int>(key.size()), Bytes(message),
                             message.size(), reinterpret_cast<uint8_t*>(mac.data()), &size);
  Check(done != nullptr && size == mac.size(), "an HMAC is computed");
  return mac;
}

void Absorb(crypto_generichash_state& state, std::string_view part) {
  uint8_t length[4];
  for (int i = 0; i < 4; ++i) length[i] = static_cast<uint8_t>(part.size() >> (24 - 8 * i));
  crypto_generichash_update(&state, length, sizeof length);
  crypto_generichash_update(&state, Bytes(part), part.size());
}

}  // namespace

std::string Mac::HmacSha1(const Secret& key, std::string_view message) {
  return Hmac(EVP_sha1(), 20, key.Reveal(SecretAccess()), message);
}

std::string Mac::HmacSha256(const Secret& key, std::string_view message) {
  return Hmac(EVP_sha256(), 32, key.Reveal(SecretAccess()), message);
}

std::string Mac::Fingerprint(const Secret& key, const KeyFields& fields) {
  const std::string_view bytes = key.Reveal(SecretAccess());
  crypto_generichash_state state;
  crypto_generichash_init(&state, Bytes(bytes), bytes.size(), crypto_generichash_BYTES);
  for (const auto& [name, value] : fields) {
    Absorb(state, name);
    Absorb(state, value.Reveal(SecretAccess()));
  }
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash_final(&state, reinterpret_cast<uint8_t*>(hash.data()), hash.size());
  sodium_memzero(&state, sizeof state);
  return Hex(hash);
}

std::string Mac::Blake2b(const Secret& key, std::string_view message) {
  const std::string_view bytes = key.Reveal(SecretAccess());
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<uint8_t*>(hash.data()), hash.size(), Bytes(message),
                     message.size(), Bytes(bytes), bytes.size());
  return hash;
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Base64(std::string_view bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), Bytes(bytes), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();  // The terminating zero.
  return text;
}

std::string Hex(std::string_view bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), Bytes(bytes), bytes.size());
  text.pop_back();  // The terminating zero.
  return text;
}

}  // namespace latchkey::secret
