#include "lib/secret/mac.h"

#include <gtest/gtest.h>

namespace latchkey::secret {
namespace {

// RFC 2202, section 3, test case 2.
TEST(MacTest, HmacSha1GivesThePublishedAnswer) {
  EXPECT_EQ(Hex(Mac::HmacSha1(Secret("Jefe"), "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

// RFC 4231, section 4.3, test case 2.
TEST(MacTest, HmacSha256GivesThePublishedAnswer) {
  EXPECT_EQ(Hex(Mac::HmacSha256(Secret("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(MacTest, AFingerprintTellsKeysFieldsAndTheirSplitApart) {
  const Secret key(std::string(32, 'k'));
  KeyFields first, same, renamed, shifted;
  first.Put("a", Secret("bc"));
  same.Put("a", Secret("bc"));
  renamed.Put("b", Secret("bc"));
  shifted.Put("ab", Secret("c"));

  const std::string fingerprint = Mac::Fingerprint(key, first);

  EXPECT_EQ(fingerprint.size(), 64u);
  EXPECT_EQ(Mac::Fingerprint(key, same), fingerprint);
  EXPECT_NE(Mac::Fingerprint(key, renamed), fingerprint);
  EXPECT_NE(Mac::Fingerprint(key, shifted), fingerprint);
  EXPECT_NE(Mac::Fingerprint(Secret(std::string(32, 'x')), first), fingerprint);
}

TEST(MacTest, Base64HasTheStandardAlphabetAndPadding) {
  EXPECT_EQ(Base64("\xfb\xff"), "+/8=");
  EXPECT_EQ(Base64(""), "");
}

TEST(MacTest, ConstantTimeComparisonComparesEverything) {
  EXPECT_TRUE(EqualInConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualInConstantTime("abc", "ab"));
}

}  // namespace
}  // namespace latchkey::secret
