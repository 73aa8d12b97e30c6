#include "lib/base/base64.h"

#include <gtest/gtest.h>

#include <vector>

namespace latchkey {
namespace {

// RFC 4648, section 10.
TEST(Base64Test, GivesThePublishedAnswers) {
  const std::vector<uint8_t> foobar = {'f', 'o', 'o', 'b', 'a', 'r'};
  for (const auto& [size, expected] : {std::pair(0, ""), std::pair(1, "Zg=="), std::pair(2, "Zm8="),
                                       std::pair(3, "Zm9v"), std::pair(6, "Zm9vYmFy")}) {
    std::string text;
    AppendBase64(std::span(foobar).first(static_cast<size_t>(size)), text);
    EXPECT_EQ(text, expected);
  }
}

TEST(Base64Test, GoesThereAndBack) {
  for (size_t size = 0; size < 10; ++size) {
    std::vector<uint8_t> bytes(size, 0xA7);
    std::string text;
    AppendBase64(bytes, text);
    std::vector<uint8_t> back(16);
    ASSERT_EQ(DecodeBase64(text, back), size);
    back.resize(size);
    EXPECT_EQ(back, bytes);
  }
}

TEST(Base64Test, RefusesWhatIsNotBase64OrDoesNotFit) {
  std::vector<uint8_t> small(2), enough(3);
  EXPECT_EQ(DecodeBase64("AAAA", small), std::nullopt);
  EXPECT_EQ(DecodeBase64("A", enough), std::nullopt);
  EXPECT_EQ(DecodeBase64("A*AA", enough), std::nullopt);
}

}  // namespace
}  // namespace latchkey
