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

TEST(KeyBodyTest, FindsNumbersAndTruthBesideTheKey) {
  const auto body = Parse(R"({"apiKey":"k", "numberIds":["num_a" , "num_b"],"none":[],"all":true,
                              "no":false})");

  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(body->size(), 5u);
  EXPECT_TRUE(Is(body->Find("apiKey"), "k"));
  const auto numbers = body->FindNumbers("numberIds");
  ASSERT_TRUE(numbers.has_value());
  ASSERT_EQ(numbers->size(), 2u);
  EXPECT_EQ((*numbers)[1].text(), "num_b");
  EXPECT_TRUE(body->FindNumbers("none")->empty());
  EXPECT_EQ(body->FindBool("all"), true);
  EXPECT_EQ(body->FindBool("no"), false);
}

TEST(KeyBodyTest, AMemberOfAnotherTypeIsNotFound) {
  const auto body = Parse(R"({"a":"k","b":["num_a"],"c":true})");

  ASSERT_TRUE(body.has_value());
  EXPECT_FALSE(body->Find("b").has_value());
  EXPECT_FALSE(body->Find("c").has_value());
  EXPECT_FALSE(body->FindNumbers("a").has_value());
  EXPECT_FALSE(body->FindBool("a").has_value());
  EXPECT_FALSE(body->FindBool("b").has_value());
}

TEST(KeyBodyTest, AKeyAmongTheNumbersGetsNowhere) {
  const auto body = Parse(R"({"numberIds":["num_a","sk-proj-abc"]})");

  ASSERT_TRUE(body.has_value());
  EXPECT_FALSE(body->FindNumbers("numberIds").has_value());
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
                           "{\"a\":[\"b\"}",
                           "{\"a\":[\"b\",]}",
                           "{\"a\":[[\"b\"]]}",
                           "{\"a\":[true]}",
                           "{\"a\":[",
                           "{\"a\":tru}",
                           "{\"a\":truex}",
                           "{\"a\":true\"b\"}",
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
