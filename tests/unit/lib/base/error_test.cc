#include "lib/base/error.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace latchkey {
namespace {

TEST(ErrorTest, CarriesItsReasonMessageAndMetadata) {
  const absl::Status status = Error(absl::StatusCode::kUnavailable, "provider_unreachable",
                                    "Try again.", {{"provider", "deepgram"}});

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"));
  EXPECT_EQ(Message(status), "Try again.");
  EXPECT_EQ(Metadata(status), (ErrorMetadata{{"provider", "deepgram"}}));
}

TEST(ErrorTest, KeepsLineBreaksAndBytesOfMetadata) {
  const ErrorMetadata odd = {{"a\nb", "c\\n\"d\x01é"}, {"", ""}};

  const absl::Status status = Error(absl::StatusCode::kInternal, "odd", "", odd);

  EXPECT_EQ(Metadata(status), odd);
  EXPECT_EQ(Reason(status), "odd");
}

TEST(ErrorTest, OtherStatusesHaveNoReason) {
  EXPECT_EQ(Reason(absl::InternalError("not ours")), "");
  EXPECT_EQ(Reason(absl::OkStatus()), "");
  EXPECT_TRUE(Metadata(absl::OkStatus()).empty());
}

TEST(ErrorTest, WithMetadataKeepsWhatWasThere) {
  const absl::Status before =
      Error(absl::StatusCode::kResourceExhausted, "limit", "Wait.", {{"a", "1"}});

  const absl::Status after = WithMetadata(before, "retry_after", "3s");

  EXPECT_THAT(after, StatusIs(absl::StatusCode::kResourceExhausted, "limit"));
  EXPECT_EQ(Metadata(after), (ErrorMetadata{{"a", "1"}, {"retry_after", "3s"}}));
}

}  // namespace
}  // namespace latchkey
