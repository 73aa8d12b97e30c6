#include "lib/secret/key_ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/secret/mac.h"
#include "tests/support/status_matchers.h"

namespace latchkey::secret {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;
const std::string kSource = "TENANT_KEY_ENCRYPTION_KEY";

TEST(KeyRingTest, TheSameKeyHasTheSameIdAndTheSameIntakePair) {
  const std::string text = GenerateRootKey();

  const absl::StatusOr<KeyRing> first = KeyRing::FromBase64(text, kSource);
  const absl::StatusOr<KeyRing> second = KeyRing::FromBase64(text + "\n", kSource);

  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->current().id(), second->current().id());
  EXPECT_EQ(first->IntakePair().public_key(), second->IntakePair().public_key());
}

TEST(KeyRingTest, AnotherKeyHasAnotherIdAndAnotherIntakePair) {
  const KeyRing first = *KeyRing::FromBase64(GenerateRootKey(), kSource);
  const KeyRing second = *KeyRing::FromBase64(GenerateRootKey(), kSource);

  EXPECT_NE(first.current().id(), second.current().id());
  EXPECT_NE(first.IntakePair().public_key(), second.IntakePair().public_key());
}

TEST(KeyRingTest, SaysWhatIsWrongWithASingleKey) {
  EXPECT_THAT(KeyRing::FromBase64("", kSource), StatusIs(kRefused, "root_key_missing"));
  EXPECT_THAT(KeyRing::FromBase64("not base64!", kSource),
              StatusIs(kRefused, "root_key_malformed"));
  const absl::StatusOr<KeyRing> shorter =
      KeyRing::FromBase64(Base64(std::string(31, 'x')), kSource);
  EXPECT_THAT(shorter, StatusIs(kRefused, "root_key_wrong_length"));
  EXPECT_THAT(Message(shorter.status()),
              HasSubstr("TENANT_KEY_ENCRYPTION_KEY holds 31 bytes; a root key has 32."));
}

TEST(KeyRingTest, ReadsSeveralKeysOneOfThemCurrent) {
  const std::string text = "# rotated in spring\ncurrent b\n\na " + GenerateRootKey() +
                           "  # old\nb " + GenerateRootKey() + "\n";

  const absl::StatusOr<KeyRing> ring = KeyRing::Parse(text, "keys.txt");

  ASSERT_THAT(ring, IsOk());
  EXPECT_EQ(ring->current().id(), "b");
  EXPECT_THAT(ring->ids(), testing::ElementsAre("a", "b"));
  EXPECT_NE(ring->Find("a"), nullptr);
  EXPECT_EQ(ring->Find("c"), nullptr);
}

TEST(KeyRingTest, NamesTheLineThatItCannotRead) {
  const std::string key = GenerateRootKey();
  const absl::StatusOr<KeyRing> twice =
      KeyRing::Parse("current a\na " + key + "\na " + key, "keys.txt");
  EXPECT_THAT(twice, StatusIs(kRefused, "key_ring_malformed"));
  EXPECT_THAT(Message(twice.status()), HasSubstr("Line 3 of keys.txt"));
  EXPECT_THAT(KeyRing::Parse("a\n", "keys.txt"), StatusIs(kRefused, "key_ring_malformed"));
  EXPECT_THAT(KeyRing::Parse("current a\nb " + key, "keys.txt"),
              StatusIs(kRefused, "key_ring_malformed"));
  EXPECT_THAT(KeyRing::Parse("a " + key, "keys.txt"), StatusIs(kRefused, "key_ring_malformed"));
  EXPECT_THAT(KeyRing::Parse("current a\na AAAA", "keys.txt"),
              StatusIs(kRefused, "root_key_wrong_length"));
  EXPECT_THAT(KeyRing::Parse("# nothing\n", "keys.txt"), StatusIs(kRefused, "root_key_missing"));
}

TEST(KeyRingTest, AnErrorDoesNotShowTheBeginningOfAKeyThatWasBrokenInTwo) {
  const absl::StatusOr<KeyRing> ring = KeyRing::Parse("dGhlIGJlZ2lubmluZw IG9mIGl0\n", "keys.txt");

  ASSERT_THAT(ring, StatusIs(kRefused, "root_key_wrong_length"));
  EXPECT_THAT(Message(ring.status()), Not(HasSubstr("dGhl")));
  EXPECT_THAT(Message(ring.status()), HasSubstr("line 1 of keys.txt"));
}

TEST(KeyRingTest, AnErrorNeverShowsTheKey) {
  const std::string key = GenerateRootKey();

  const absl::StatusOr<KeyRing> ring = KeyRing::Parse("current a\na " + key + key, "keys.txt");

  EXPECT_FALSE(ring.ok());
  EXPECT_THAT(Message(ring.status()), testing::Not(HasSubstr(key.substr(0, 12))));
}

}  // namespace
}  // namespace latchkey::secret
