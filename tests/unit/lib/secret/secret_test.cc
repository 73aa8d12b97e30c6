#include "lib/secret/secret.h"

#include <gtest/gtest.h>

#include <concepts>
#include <sstream>
#include <type_traits>

namespace latchkey::secret {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(SecretTest, CannotBeCopiedPrintedOrCompared) {
  EXPECT_FALSE(std::is_copy_constructible_v<Secret>);
  EXPECT_FALSE(std::is_copy_assignable_v<Secret>);
  EXPECT_FALSE(Printable<Secret>);
  EXPECT_FALSE(std::equality_comparable<Secret>);
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
  EXPECT_FALSE(std::is_default_constructible_v<SecretAccess>);
}

TEST(SecretTest, TakeWipesItsSourceAndKeepsTheBytes) {
  std::string source = "a key that is long enough to live on the heap";
  const char* const bytes = source.data();
  const size_t size = source.size();

  const Secret secret = Secret::Take(source);

  EXPECT_TRUE(source.empty());
  EXPECT_EQ(std::string(bytes, size), std::string(size, '\0'));
  EXPECT_TRUE(
      Secret::EqualInConstantTime(secret, Secret("a key that is long enough to live on the heap")));
}

TEST(SecretTest, MovingEmptiesTheSource) {
  Secret first("key");

  const Secret second = std::move(first);

  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested.
  EXPECT_EQ(second.size(), 3u);
}

TEST(SecretTest, EqualityLooksAtEveryByteAndTheLength) {
  EXPECT_TRUE(Secret::EqualInConstantTime(Secret("abc"), Secret("abc")));
  EXPECT_TRUE(Secret::EqualInConstantTime(Secret(), Secret("")));
  EXPECT_FALSE(Secret::EqualInConstantTime(Secret("abc"), Secret("abd")));
  EXPECT_FALSE(Secret::EqualInConstantTime(Secret("abc"), Secret("ab")));
}

TEST(SecretTest, TwoRandomSecretsDiffer) {
  EXPECT_FALSE(Secret::EqualInConstantTime(Secret::Random(32), Secret::Random(32)));
}

}  // namespace
}  // namespace latchkey::secret
