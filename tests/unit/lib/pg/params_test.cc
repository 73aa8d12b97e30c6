#include <gtest/gtest.h>

#include "lib/pg/row.h"

namespace latchkey::pg {
namespace {

std::string Only(const Params& params) { return params.values().at(0).text.value(); }

TEST(ParamsTest, KeepTheirOrderAndTheirNulls) {
  const Params params("text", 7, true, std::nullopt, std::optional<std::string>("set"),
                      std::optional<int64_t>());

  ASSERT_EQ(params.values().size(), 6U);
  EXPECT_EQ(params.values()[0].text, "text");
  EXPECT_EQ(params.values()[1].text, "7");
  EXPECT_EQ(params.values()[2].text, "t");
  EXPECT_EQ(params.values()[3].text, std::nullopt);
  EXPECT_EQ(params.values()[4].text, "set");
  EXPECT_EQ(params.values()[5].text, std::nullopt);
}

TEST(ParamsTest, SendBytesAsTheyAre) {
  const std::string bytes("\0\x01\xff", 3);
  const Params params{Bytes(bytes)};

  EXPECT_EQ(params.values()[0].text, bytes);
  EXPECT_TRUE(params.values()[0].binary);
  EXPECT_TRUE(params.valid());
}

TEST(ParamsTest, RefuseTextWithANulAlsoInArrays) {
  const std::string nul("a\0b", 3);

  EXPECT_FALSE(Params(nul).valid());
  EXPECT_FALSE(Params(std::vector<std::string>{"fine", nul}).valid());
}

TEST(ParamsTest, WriteArraysAsPostgresReadsThem) {
  EXPECT_EQ(Only(Params(std::vector<std::string>{})), "{}");
  EXPECT_EQ(Only(Params(std::vector<std::string>{"a", "q\"b\\c", ""})), R"({"a","q\"b\\c",""})");
  EXPECT_EQ(Only(Params(std::vector<int64_t>{1, -2})), R"({"1","-2"})");
  EXPECT_EQ(Only(Params(std::vector<Bytes>{Bytes("\x0f\xa0")})), R"({"\\x0fa0"})");
}

TEST(ParamsTest, WriteTimesInUtcToTheMicrosecond) {
  EXPECT_EQ(Only(Params(absl::FromUnixMicros(1'790'000'000'123'456))),
            "2026-09-21 14:13:20.123456+00");
  EXPECT_EQ(Only(Params(absl::InfiniteFuture())), "infinity");
}

}  // namespace
}  // namespace latchkey::pg
