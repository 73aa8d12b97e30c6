#include "sandbox/speech/utterance_grammar.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(UtteranceGrammarTest, KnowsALineAndEveryRunOfItsPhrases) {
  const UtteranceGrammar grammar({"No, that is all. Goodbye!"});

  EXPECT_EQ(grammar.Written("no that is all goodbye"), "No, that is all. Goodbye!");
  EXPECT_EQ(grammar.Written("that is all"), "that is all.");
  EXPECT_EQ(grammar.Written("no that is all"), "No, that is all.");
  EXPECT_EQ(grammar.Written("no goodbye"), "");
}

TEST(UtteranceGrammarTest, WritesJsgf) {
  const UtteranceGrammar grammar({"Yes, please."});

  EXPECT_THAT(grammar.Jsgf(), HasSubstr("public <utterance> = yes\n | yes please\n | please;"));
  EXPECT_THAT(grammar.Words(), ElementsAre("please", "yes"));
}

}  // namespace
}  // namespace latchkey::sandbox
