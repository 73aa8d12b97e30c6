#include "lib/secret/aes_gcm.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/secret/secret.h"

namespace latchkey::secret {
namespace {

class AesGcmTest : public testing::Test {
 protected:
  AesGcmTest() { Prepare(); }

  std::string Encrypt(AesPath path, std::string_view plain) {
    std::string out(plain.size() + 16, '\0');
    AesGcmEncrypt(path, key_, nonce_, data_, plain,
                  {reinterpret_cast<uint8_t*>(out.data()), out.size()});
    return out;
  }

  bool Decrypt(AesPath path, std::string_view sealed, std::string& out) {
    out.assign(sealed.size() - 16, '?');
    return AesGcmDecrypt(path, key_, nonce_, data_, sealed,
                         {reinterpret_cast<uint8_t*>(out.data()), out.size()});
  }

  std::string key_ = std::string(32, 'k'), nonce_ = std::string(12, 'n'), data_ = "row 7";
};

TEST_F(AesGcmTest, ThePublishedVectorHolds) { CheckAesKnownAnswer(); }

TEST_F(AesGcmTest, BothPathsGiveTheSameBytesAndOpenEachOthers) {
  if (FastestAesPath() != AesPath::kSodium) GTEST_SKIP() << "this CPU has one path only";
  for (const std::string& plain : {std::string(), std::string("x"), std::string(511, 'y')}) {
    const std::string sodium = Encrypt(AesPath::kSodium, plain);
    const std::string openssl = Encrypt(AesPath::kOpenssl, plain);

    EXPECT_EQ(sodium, openssl);
    std::string opened;
    EXPECT_TRUE(Decrypt(AesPath::kOpenssl, sodium, opened));
    EXPECT_EQ(opened, plain);
    EXPECT_TRUE(Decrypt(AesPath::kSodium, openssl, opened));
    EXPECT_EQ(opened, plain);
  }
}

TEST_F(AesGcmTest, AForgedTagGivesZerosOnBothPaths) {
  std::string sealed = Encrypt(AesPath::kOpenssl, "secret");
  sealed.back() = static_cast<char>(sealed.back() ^ 1);

  for (const AesPath path : {FastestAesPath(), AesPath::kOpenssl}) {
    std::string opened;
    EXPECT_FALSE(Decrypt(path, sealed, opened));
    EXPECT_EQ(opened, std::string(6, '\0'));
  }
}

}  // namespace
}  // namespace latchkey::secret
