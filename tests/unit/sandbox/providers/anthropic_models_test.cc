#include "sandbox/providers/anthropic_models.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

TEST(AnthropicModelsTest, ADatedIdIsItsModels) {
  EXPECT_NE(FindAnthropicModel("claude-haiku-5-5"), nullptr);
  EXPECT_EQ(FindAnthropicModel("claude-haiku-4-5-20251001"),
            FindAnthropicModel("claude-haiku-4-5"));
  EXPECT_EQ(FindAnthropicModel("claude-haiku-5-5-turbo"), nullptr);
  EXPECT_EQ(FindAnthropicModel("claude-2"), nullptr);
  EXPECT_EQ(FindAnthropicModel(""), nullptr);
}

TEST(AnthropicModelsTest, ListsThemInPages) {
  const auto first = AnthropicModelsPage({{"limit", "2"}});
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->at("data").as_array().size(), 2u);
  EXPECT_EQ(first->at("has_more"), true);

  const std::string last(first->at("last_id").as_string());
  const auto next = AnthropicModelsPage({{"after_id", last}});
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->at("has_more"), false);
  EXPECT_NE(next->at("first_id"), first->at("last_id"));

  const std::string third(next->at("first_id").as_string());
  const auto back = AnthropicModelsPage({{"before_id", third}, {"limit", "2"}});
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->at("data"), first->at("data"));
}

TEST(AnthropicModelsTest, RefusesAPageThatIsNone) {
  EXPECT_FALSE(AnthropicModelsPage({{"limit", "0"}}).has_value());
  EXPECT_FALSE(AnthropicModelsPage({{"limit", "many"}}).has_value());
  EXPECT_FALSE(AnthropicModelsPage({{"after_id", "claude-2"}}).has_value());
}

}  // namespace
}  // namespace latchkey::sandbox
