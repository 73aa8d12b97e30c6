#include "lib/secret/aes_gcm.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <array>
#include <memory>
#include <string>

#include "lib/base/check.h"

namespace latchkey::secret {

namespace {

constexpr size_t kTagBytes = 16;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

CipherContext MakeContext() {
  CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  Check(context != nullptr, "OpenSSL gives a cipher context");
  return context;
}

void OpensslEncrypt(std::string_view key, std::string_view nonce, std::string_view data,
                    std::string_view plain, std::span<uint8_t> out) {
  const CipherContext context = MakeContext();
  int written = 0;
  bool done =
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(nonce)) == 1;
  done = done && EVP_EncryptUpdate(context.get(), nullptr, &written, Bytes(data),
                                   static_cast<int>(data.size())) == 1;
  done = done && EVP_EncryptUpdate(context.get(), out.data(), &written, Bytes(plain),
                                   static_cast<int>(plain.size())) == 1;
  done = done && EVP_EncryptFinal_ex(context.get(), out.data() + plain.size(), &written) == 1;
  done = done && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                                     out.data() + plain.size()) == 1;
  Check(done, "AES-256-GCM encrypts");
}

bool OpensslDecrypt(std::string_view key, std::string_view nonce, std::string_view data,
                    std::string_view sealed, std::span<uint8_t> out) {
  const CipherContext context = MakeContext();
  const size_t size = sealed.size() - kTagBytes;
  std::array<uint8_t, kTagBytes> tag{};
  for (size_t i = 0; i < kTagBytes; ++i) tag[i] = Bytes(sealed)[size + i];
  int written = 0;
  bool done =
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(nonce)) == 1;
  done = done && EVP_DecryptUpdate(context.get(), nullptr, &written, Bytes(data),
                                   static_cast<int>(data.size())) == 1;
  done = done && EVP_DecryptUpdate(context.get(), out.data(), &written, Bytes(sealed),
                                   static_cast<int>(size)) == 1;
  done =
      done && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1;
  return done && EVP_DecryptFinal_ex(context.get(), out.data() + size, &written) == 1;
}

std::string FromHex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  Check(sodium_hex2bin(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size(), hex.data(),
                       hex.size(), nullptr, nullptr, nullptr) == 0,
        "a vector is hex");
  return bytes;
}

void CheckKnownAnswerOn(AesPath path) {
  const std::string key =
      FromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string nonce = FromHex("cafebabefacedbaddecaf888");
  const std::string data = FromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string plain = FromHex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const std::string expected = FromHex(
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  std::string sealed(plain.size() + kTagBytes, '\0');
  AesGcmEncrypt(path, key, nonce, data, plain,
                {reinterpret_cast<uint8_t*>(sealed.data()), sealed.size()});
  Check(sealed == expected, "AES-256-GCM gives the published answer");
  std::string opened(plain.size(), '\0');
  const std::span<uint8_t> out(reinterpret_cast<uint8_t*>(opened.data()), opened.size());
  Check(AesGcmDecrypt(path, key, nonce, data, sealed, out) && opened == plain,
        "AES-256-GCM opens the published answer");
}

}  // namespace

AesPath FastestAesPath() {
  return crypto_aead_aes256gcm_is_available() == 1 ? AesPath::kSodium : AesPath::kOpenssl;
}

void AesGcmEncrypt(AesPath path, std::string_view key, std::string_view nonce,
                   std::string_view data, std::string_view plain, std::span<uint8_t> out) {
  Check(key.size() == 32 && nonce.size() == 12 && out.size() == plain.size() + kTagBytes,
        "AES-256-GCM is called with the right sizes");
  if (path == AesPath::kOpenssl) return OpensslEncrypt(key, nonce, data, plain, out);
  crypto_aead_aes256gcm_encrypt(out.data(), nullptr, Bytes(plain), plain.size(), Bytes(data),
                                data.size(), nullptr, Bytes(nonce), Bytes(key));
}

bool AesGcmDecrypt(AesPath path, std::string_view key, std::string_view nonce,
                   std::string_view data, std::string_view sealed, std::span<uint8_t> out) {
  Check(key.size() == 32 && nonce.size() == 12 && sealed.size() == out.size() + kTagBytes,
        "AES-256-GCM is called with the right sizes");
  bool genuine = false;
  if (path == AesPath::kOpenssl) {
    genuine = OpensslDecrypt(key, nonce, data, sealed, out);
  } else {
    genuine =
        crypto_aead_aes256gcm_decrypt(out.data(), nullptr, nullptr, Bytes(sealed), sealed.size(),
                                      Bytes(data), data.size(), Bytes(nonce), Bytes(key)) == 0;
  }
  if (!genuine) sodium_memzero(out.data(), out.size());
  return genuine;
}

void CheckAesKnownAnswer() {
  CheckKnownAnswerOn(AesPath::kOpenssl);
  if (FastestAesPath() == AesPath::kSodium) CheckKnownAnswerOn(AesPath::kSodium);
}

}  // namespace latchkey::secret
