#include "lib/secret/signature.h"

#include <gtest/gtest.h>

#include "lib/secret/mac.h"
#include "tests/support/status_matchers.h"

namespace latchkey::secret {
namespace {

TEST(SignatureTest, ASignatureHoldsForItsKeyItsLabelAndItsMessage) {
  const SigningKey key = SigningKey::Make();
  const VerifyingKey& verifier = key.verifying_key();

  const std::string signature = key.Sign(kTicketLabel, "ticket");

  EXPECT_EQ(signature.size(), 64u);
  EXPECT_TRUE(verifier.Verify(kTicketLabel, "ticket", signature));
  EXPECT_FALSE(verifier.Verify(kTicketLabel, "tickes", signature));
  EXPECT_FALSE(verifier.Verify("another label", "ticket", signature));
  EXPECT_FALSE(SigningKey::Make().verifying_key().Verify(kTicketLabel, "ticket", signature));
  EXPECT_FALSE(verifier.Verify(kTicketLabel, "ticket", signature.substr(1)));
  EXPECT_FALSE(verifier.Verify(kTicketLabel, "ticket", ""));
}

// RFC 8032, section 7.1, test 2.
TEST(SignatureTest, ThePublishedVectorHolds) {
  const std::string seed_bytes =
      "\x4c\xcd\x08\x9b\x28\xff\x96\xda\x9d\xb6\xc3\x46\xec\x11\x4e\x0f"
      "\x5b\x8a\x31\x9f\x35\xab\xa6\x24\xda\x8c\xf6\xed\x4f\xb8\xa6\xfb";
  const SigningKey key = *SigningKey::FromSeed(Secret(std::string_view(seed_bytes)));

  EXPECT_EQ(Hex(key.verifying_key().bytes()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(Hex(key.Sign("", "\x72")),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(SignatureTest, RefusesASeedOfAnotherLength) {
  EXPECT_THAT(SigningKey::FromSeed(Secret("short")),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_key_material"));
}

}  // namespace
}  // namespace latchkey::secret
