#include "lib/base/e164.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace latchkey {
namespace {

TEST(E164Test, TakesInternationalNumbers) {
  for (const char* text : {"+14155550100", "+919876543210", "+2901234", "+123456789012345"}) {
    const absl::StatusOr<E164> number = E164::Parse(text);
    ASSERT_THAT(number, IsOk());
    EXPECT_EQ(number->text(), text);
  }
}

TEST(E164Test, RefusesEveryOtherForm) {
  for (const char* text : {"", "+", "14155550100", "+04155550100", "+123456", "+1234567890123456",
                           "+1 415 555 0100", "+1415555010a", "+1415555010\n", "911"}) {
    EXPECT_THAT(E164::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_number"))
        << text;
  }
}

TEST(E164Test, MasksTheMiddle) {
  EXPECT_EQ(E164::Parse("+14155550100")->Masked(), "+1415…0100");
  EXPECT_EQ(E164::Parse("+2901234")->Masked(), "+2…1234");
}

}  // namespace
}  // namespace latchkey
