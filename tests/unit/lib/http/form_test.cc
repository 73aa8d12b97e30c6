#include "lib/http/form.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(FormTest, KeepsRepeatedKeysInTheirOrder) {
  const absl::StatusOr<Form> form = Form::Parse("e=initiated&a=1&e=answered");

  ASSERT_THAT(form, IsOk());
  EXPECT_THAT(*form, ElementsAre(Pair("e", "initiated"), Pair("a", "1"), Pair("e", "answered")));
  EXPECT_THAT(form->GetAll("e"), ElementsAre("initiated", "answered"));
  EXPECT_EQ(form->Get("e"), "initiated");
}

TEST(FormTest, UndoesEscapesAndPlus) {
  const absl::StatusOr<Form> form = Form::Parse("To=%2B1415+555%200100&empty=&bare");

  ASSERT_THAT(form, IsOk());
  EXPECT_EQ(form->Get("To"), "+1415 555 0100");
  EXPECT_TRUE(form->Has("empty"));
  EXPECT_TRUE(form->Has("bare"));
  EXPECT_FALSE(form->Has("missing"));
}

TEST(FormTest, RefusesABrokenEscape) {
  for (const char* text : {"a=%", "a=%2", "a=%zz", "%=1"}) {
    EXPECT_THAT(Form::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_form"))
        << text;
  }
}

TEST(FormTest, RefusesMorePairsThanItsLimit) {
  std::string text;
  for (size_t i = 0; i <= kFormPairsMax; ++i) text += "a=1&";

  EXPECT_THAT(Form::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_form"));
}

TEST(FormTest, ParsesWhatItEncodes) {
  const Form form{{"To", "+14155550100"}, {"q", "a b&c=d%\xC3\xA9"}, {"q", ""}};

  EXPECT_EQ(form.Encode(), "To=%2B14155550100&q=a%20b%26c%3Dd%25%C3%A9&q=");
  EXPECT_THAT(*Form::Parse(form.Encode()), ::testing::ElementsAreArray(form));
}

}  // namespace
}  // namespace latchkey::http
