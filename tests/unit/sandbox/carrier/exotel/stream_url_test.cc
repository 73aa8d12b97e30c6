#include "sandbox/carrier/exotel/stream_url.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace latchkey::sandbox::exotel {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(StreamUrlTest, TheQueryIsTheRateAndOnesOwnParameters) {
  const absl::StatusOr<StreamUrl> url =
      StreamUrl::Parse("wss://a.example/s?sample-rate=24000&tok=x9&bare");

  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(url->sample_rate, 24'000);
  EXPECT_THAT(url->parameters, ElementsAre(Pair("tok", "x9"), Pair("bare", "")));
  EXPECT_EQ(StreamUrl::Parse("wss://a.example/s")->sample_rate, 8000);
}

TEST(StreamUrlTest, UserInfoBecomesAHeader) {
  const absl::StatusOr<StreamUrl> url = StreamUrl::Parse("wss://user:pass@a.example/s@x");

  ASSERT_THAT(url, IsOk());
  EXPECT_EQ(url->authorization, "Basic dXNlcjpwYXNz");
  EXPECT_EQ(url->url.Text(), "wss://a.example/s@x");
}

TEST(StreamUrlTest, WhatExotelWouldNotTakeIsMalformed) {
  for (const std::string& text :
       {std::string("https://a.example"), std::string("wss://a.example?sample-rate=11025"),
        std::string("wss://a.example?a=1&b=2&c=3&d=4"),
        "wss://a.example?a=" + std::string(300, 'x')}) {
    EXPECT_THAT(StreamUrl::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

}  // namespace
}  // namespace latchkey::sandbox::exotel
