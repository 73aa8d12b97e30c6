#include "lib/secret/sealing_key.h"

#include <gtest/gtest.h>

#include "lib/secret/blob.h"
#include "tests/support/status_matchers.h"

namespace latchkey::secret {
namespace {

class SealingKeyTest : public testing::Test {
 protected:
  SealingKey key_ = SealingKey::Make();
  AdditionalData data_{"table", "row"};
  Secret plain_{"sk-ant-api03-the-secret"};
};

TEST_F(SealingKeyTest, OpensWhatItSealed) {
  const absl::StatusOr<Secret> opened = key_.Open(key_.Seal(plain_, data_), data_);

  ASSERT_THAT(opened, IsOk());
  EXPECT_TRUE(Secret::EqualInConstantTime(*opened, plain_));
}

TEST_F(SealingKeyTest, TheBlobDoesNotContainThePlaintext) {
  const std::string blob = key_.Seal(plain_, data_);

  EXPECT_EQ(blob.find("sk-ant"), std::string::npos);
  EXPECT_EQ(blob.substr(0, 4), "LKB1");
}

TEST_F(SealingKeyTest, TheSamePlaintextNeverGivesTheSameBlob) {
  EXPECT_NE(key_.Seal(plain_, data_), key_.Seal(plain_, data_));
}

TEST_F(SealingKeyTest, EveryFlippedByteIsNoticed) {
  const std::string blob = key_.Seal(plain_, data_);
  for (size_t i = 0; i < blob.size(); ++i) {
    for (const char bit : {'\x01', '\x80'}) {
      std::string changed = blob;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      EXPECT_THAT(key_.Open(changed, data_),
                  StatusIs(absl::StatusCode::kInvalidArgument, "blob_unreadable"))
          << "byte " << i;
    }
  }
}

TEST_F(SealingKeyTest, EveryTruncationAndExtensionIsNoticed) {
  const std::string blob = key_.Seal(plain_, data_);
  for (size_t size = 0; size < blob.size(); ++size) {
    EXPECT_FALSE(key_.Open(blob.substr(0, size), data_).ok()) << "size " << size;
  }
  EXPECT_FALSE(key_.Open(blob + "x", data_).ok());
}

TEST_F(SealingKeyTest, OtherAdditionalDataDoesNotOpen) {
  const std::string blob = key_.Seal(plain_, data_);

  EXPECT_FALSE(key_.Open(blob, {"table", "row2"}).ok());
  EXPECT_FALSE(key_.Open(blob, {"tabler", "ow"}).ok());
  EXPECT_FALSE(key_.Open(blob, {"table"}).ok());
  EXPECT_FALSE(key_.Open(blob, {"table", "row", ""}).ok());
}

TEST_F(SealingKeyTest, AnotherKeyOfTheSameIdDoesNotOpen) {
  const SealingKey other(key_.id(), Secret::Random(32));

  EXPECT_THAT(other.Open(key_.Seal(plain_, data_), data_),
              StatusIs(absl::StatusCode::kInvalidArgument, "blob_unreadable"));
}

TEST_F(SealingKeyTest, AWrappedKeyOpensWhatTheOriginalSealed) {
  const SealingKey inner = SealingKey::Make();
  const std::string blob = inner.Seal(plain_, data_);

  const absl::StatusOr<SealingKey> unwrapped = key_.Unwrap(key_.Wrap(inner, data_), data_);

  ASSERT_THAT(unwrapped, IsOk());
  EXPECT_EQ(unwrapped->id(), inner.id());
  EXPECT_TRUE(Secret::EqualInConstantTime(*unwrapped->Open(blob, data_), plain_));
}

// A blob that was written by the first version; it must open for ever.
TEST_F(SealingKeyTest, ABlobOfFormatOneStillOpens) {
  const SealingKey key("root-1", Secret(std::string(32, 'R')));
  const std::string sealed = key.Seal(Secret("canary"), {"latchkey test v1"});

  const absl::StatusOr<Blob> blob = Blob::Parse(sealed);

  ASSERT_THAT(blob, IsOk());
  EXPECT_EQ(blob->key_id, "root-1");
  EXPECT_EQ(sealed.size(), 7u + 6 + 32 + 12 + 6 + 16);
  EXPECT_EQ(blob->Encode(), sealed);
}

}  // namespace
}  // namespace latchkey::secret
