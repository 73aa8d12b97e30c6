#include "services/gateway/adapters/key_body.h"

#include <gtest/gtest.h>

#include <string>

namespace latchkey::gateway {
namespace {

std::optional<KeyBody> Parse(std::string_view text) { return KeyBody::Parse(Secret(text)); }

bool Is(const std::optional<Secret>& found, std::string_view text) {
  return found.has_value() && Secret::EqualInConstantTime(*found, Secret(text));
}

TEST(KeyBodyTest, FindsTheTextsOfAnObject) {
  const auto body =
      Parse(" {\"accountSid\" :\"AC1\",\r\n\t\"authToken\":\"t0ken\" , \"x\":\"\"} \n");

  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(body->size(), 3u);
  EXPECT_TRUE(Is(body->Find("accountSid"), "AC1"));
  EXPECT_TRUE(Is(body->Find("authToken"), "t0ken"));
  EXPECT_TRUE(Is(body->Find("x"), ""));
  EXPECT_FALSE(body->Find("apiKey").has_value());
}

TEST(KeyBodyTest, DecodesEscapesInPlace) {
  const auto body = Parse(R"({"a":"\"\\\/\b\f\n\r\t","b":"\u0041\u00e9\u20AC\ud83d\ude00z"})");

  ASSERT_TRUE(body.has_value());
  EXPECT_TRUE(Is(body->Find("a"), "\"\\/\b\f\n\r\t"));
  EXPECT_TRUE(Is(body->Find("b"), "A\u00e9\u20ac\U0001F600z"));
}

TEST(KeyBodyTest, TakesAnEmptyObject) {
  const auto body = Parse("{}");

  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(body->size(), 0u);
}

TEST(KeyBodyTest, RefusesWhatIsNoObjectOfTexts) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[]",
                           "null",
                           "\"a\"",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1}",
                           "{\"a\":null}",
                           "{\"a\":{}}",
                           "{\"a\":[\"b\"]}",
                           "{\"a\":\"b\",}",
                           "{,}",
                           "{\"a\":\"b\"} x",
                           "{\"a\":\"b\" \"c\":\"d\"}",
                           "{\"a\":\"b\",\"a\":\"c\"}",
                           "{a:\"b\"}",
                           "{\"a\":\"b}",
                           "{\"a\":\"line\nbreak\"}",
                           R"({"a":"\x"})",
                           R"({"a":"\u12"})",
                           R"({"a":"\u12g4"})",
                           R"({"a":"\ud83d"})",
                           R"({"a":"\ud83dxx"})",
                           R"({"a":"\ude00"})",
                           R"({"a":"\ud83d\u0041"})",
                           R"({"a":"\)"}) {
    EXPECT_FALSE(Parse(text).has_value()) << text;
  }
}

TEST(KeyBodyTest, RefusesMoreFieldsAndLongerNamesThanAKeyHas) {
  std::string many = "{";
  for (int i = 0; i < 17; ++i) many += "\"f" + std::to_string(i) + "\":\"v\",";
  many.back() = '}';

  EXPECT_FALSE(Parse(many).has_value());
  EXPECT_FALSE(Parse("{\"" + std::string(65, 'n') + "\":\"v\"}").has_value());
}

}  // namespace
}  // namespace latchkey::gateway
