#include "services/media/domain/json_scan.h"

#include <gtest/gtest.h>

namespace latchkey::media {
namespace {

using Raw = std::optional<std::string_view>;

TEST(JsonScanTest, FindsMembersOfTheOuterObjectOnly) {
  const std::string_view json = R"({"a":{"b":"no"}, "c" : [1,{"b":2}], "b": "yes\"}", "d":true})";

  EXPECT_EQ(FindMember(json, "b"), Raw(R"("yes\"}")"));
  EXPECT_EQ(FindMember(json, "d"), Raw("true"));
  EXPECT_EQ(FindMember(json, "x"), Raw());
}

TEST(JsonScanTest, BrokenTextGivesNothing) {
  for (const std::string_view json : {"", "{", "[]", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\" 1}",
                                      "{\"a\":{\"b\":1}", "nonsense", "{\"a\":\"\\\"}"}) {
    EXPECT_EQ(FindMember(json, "b"), Raw()) << json;
  }
}

TEST(JsonScanTest, EscapesAreResolved) {
  std::string scratch;
  EXPECT_EQ(AnyText(R"("a\/b\n\u00e9\ud83d\ude00")", scratch), Raw("a/b\n\u00e9\U0001F600"));
  EXPECT_EQ(AnyText(R"("plain")", scratch), Raw("plain"));
  EXPECT_EQ(AnyText("7", scratch), Raw());
}

TEST(JsonScanTest, NumbersMayBeQuoted) {
  EXPECT_EQ(WholeNumber("\"42\""), 42);
  EXPECT_EQ(WholeNumber("42"), 42);
  EXPECT_EQ(WholeNumber("4x"), std::nullopt);
  EXPECT_EQ(SecondsToSamples("0.5"), 4000);
  EXPECT_EQ(SecondsToSamples("-1"), std::nullopt);
  EXPECT_EQ(SecondsToSamples("nan"), std::nullopt);
}

TEST(JsonScanTest, ElementsComeOneByOne) {
  std::string_view rest = R"(["a", 1 ,{"b":[2]}])";

  EXPECT_EQ(NextElement(rest), Raw("\"a\""));
  EXPECT_EQ(NextElement(rest), Raw("1"));
  EXPECT_EQ(NextElement(rest), Raw(R"({"b":[2]})"));
  EXPECT_EQ(NextElement(rest), Raw());
}

TEST(JsonScanTest, TextBecomesAJsonString) {
  std::string out;
  AppendJsonText("a\"b\\c\n\u00e9", out);
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\u000a\u00e9\"");
}

}  // namespace
}  // namespace latchkey::media
