#include "lib/secret/digest.h"

#include <gtest/gtest.h>

#include "lib/secret/mac.h"

namespace latchkey::secret {
namespace {

// FIPS 180-2, appendix B.1.
TEST(DigestTest, Sha256GivesThePublishedAnswer) {
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace latchkey::secret
