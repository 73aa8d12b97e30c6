#include "sandbox/carrier/twilio/chunker.h"

#include <gmock/gmock.h>

#include <numeric>

namespace latchkey::sandbox::twilio {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(ChunkerTest, CutsTheSizesInTurnAndLosesNoByte) {
  std::vector<uint8_t> voice(160);
  std::iota(voice.begin(), voice.end(), uint8_t{0});
  Chunker chunker({37, 200});

  const auto first = chunker.Push(voice);
  const auto second = chunker.Push(voice);

  ASSERT_THAT(first, ElementsAre(SizeIs(37)));
  ASSERT_THAT(second, ElementsAre(SizeIs(200), SizeIs(37)));
  std::vector<uint8_t> all = first[0];
  for (const auto& chunk : second) all.insert(all.end(), chunk.begin(), chunk.end());
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i % 160);
}

}  // namespace
}  // namespace latchkey::sandbox::twilio
