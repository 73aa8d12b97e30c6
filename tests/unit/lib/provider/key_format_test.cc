#include "lib/provider/key_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace latchkey::provider {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

absl::StatusOr<std::vector<std::string>> Check(Provider provider, std::string_view field,
                                               std::string_view value) {
  return CheckFormat(provider, *FindField(Describe(provider), field), value);
}

std::string RefusedFor(Provider provider, std::string_view field, std::string_view value) {
  const absl::StatusOr<std::vector<std::string>> checked = Check(provider, field, value);
  if (checked.ok()) return "accepted";
  EXPECT_THAT(checked, StatusIs(absl::StatusCode::kInvalidArgument, "byok_key_invalid"));
  return Metadata(checked.status())["reason"];
}

const std::string kAnthropicKey = "sk-ant-api03-" + std::string(93, 'x') + "AA";
const std::string kSid = "AC0123456789abcdef0123456789abcdef";

TEST(KeyFormatTest, KeysOfTheUsualFormPassWithoutAWarning) {
  EXPECT_THAT(Check(Provider::kAnthropic, "api_key", kAnthropicKey), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Check(Provider::kOpenai, "api_key", "sk-proj-" + std::string(120, 'x')),
              IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Check(Provider::kCartesia, "api_key", "sk_car_abcdefgh12345"),
              IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Check(Provider::kDeepgram, "api_key", std::string(40, 'a')), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Check(Provider::kTwilio, "account_sid", kSid), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Check(Provider::kTwilio, "auth_token", std::string(32, '0')),
              IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Check(Provider::kTwilio, "phone_number", "+14155550100"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Check(Provider::kExotel, "region", "in"), IsOkAndHolds(IsEmpty()));
}

TEST(KeyFormatTest, WhatCanNeverWorkIsRefused) {
  EXPECT_EQ(RefusedFor(Provider::kDeepgram, "api_key", ""), "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kDeepgram, "api_key", "abc\n"), "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kDeepgram, "api_key", std::string_view("a\0b", 3)),
            "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kDeepgram, "api_key", "abc\x7f"), "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kDeepgram, "api_key", std::string(513, 'a')), "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kAnthropic, "api_key", "sk-proj-abc"), "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", "proj-abc"), "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kTwilio, "account_sid", "SK" + std::string(32, '0')),
            "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kTwilio, "account_sid", kSid + "0"), "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kTwilio, "account_sid", "AC" + std::string(32, 'g')),
            "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kTwilio, "phone_number", "555-0100"), "malformed_key");
  EXPECT_EQ(RefusedFor(Provider::kExotel, "region", "us"), "malformed_key");
}

TEST(KeyFormatTest, ConsumersAndAdministratorsTokensAreCalledByTheirName) {
  EXPECT_EQ(RefusedFor(Provider::kAnthropic, "api_key", "sk-ant-admin01-abc"), "not_an_api_key");
  EXPECT_EQ(RefusedFor(Provider::kAnthropic, "api_key", "sk-ant-oat01-abc"), "not_an_api_key");
  EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", "sk-admin-abc"), "not_an_api_key");
  EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", "sess-abc"), "not_an_api_key");
  EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", "ek_abc"), "not_an_api_key");
  EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", "eyJhbGciOi.eyJ.abc"), "not_an_api_key");
  EXPECT_EQ(RefusedFor(Provider::kCartesia, "api_key", "sk_car_admin_abc"), "not_an_api_key");
}

TEST(KeyFormatTest, WhereOpenaisIsWantedOthersSubscriptionsAndKeysAreCalledByTheirName) {
  EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", "sk-ant-oat01-abc"), "not_an_api_key");
  EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", "sk-ant-sid01-abc"), "not_an_api_key");
  EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", "ya29.abc"), "not_an_api_key");
  for (const char* key : {"sk-ant-api03-abc", "xai-abc", "AIzaAbc", "sk_car_abc"}) {
    EXPECT_EQ(RefusedFor(Provider::kOpenai, "api_key", key), "malformed_key") << key;
  }
  const auto refused = Check(Provider::kOpenai, "api_key", "xai-abc");
  EXPECT_NE(Message(refused.status()).find("this is an xAI key"), std::string::npos);
}

TEST(KeyFormatTest, AnyOtherOddityOnlyWarns) {
  EXPECT_THAT(Check(Provider::kDeepgram, "api_key", "SHORT"), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(Check(Provider::kCartesia, "api_key", "no-prefix-at-all"), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(Check(Provider::kAnthropic, "api_key", "sk-ant-new-form"), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(Check(Provider::kTwilio, "auth_token", "token with spaces"), IsOkAndHolds(SizeIs(1)));
}

TEST(KeyFormatTest, ARefusalNeverShowsTheValue) {
  const absl::StatusOr<std::vector<std::string>> checked =
      Check(Provider::kAnthropic, "api_key", "sk-wrong-canary");

  EXPECT_THAT(checked.status().ToString(), Not(HasSubstr("canary")));
  EXPECT_THAT(Message(checked.status()), HasSubstr("https://console.anthropic.com"));
}

TEST(KeyFormatTest, APreviewIsThePrefixAndTheLastFour) {
  EXPECT_EQ(Preview(Provider::kOpenai, "sk-proj-0123456789abxy12"), "sk-proj-...xy12");
  EXPECT_EQ(Preview(Provider::kOpenai, "sk-0123456789abcdefxy12"), "sk-...xy12");
  EXPECT_EQ(Preview(Provider::kAnthropic, kAnthropicKey), "sk-ant-...xxAA");
  EXPECT_EQ(Preview(Provider::kCartesia, "sk_car_0123456789abcd"), "sk_car_...abcd");
  EXPECT_EQ(Preview(Provider::kDeepgram, "0123456789abcdef0123"), "...0123");
}

TEST(KeyFormatTest, APreviewOfAShortValueShowsNothingOfIt) {
  EXPECT_EQ(Preview(Provider::kDeepgram, "0123456789"), "...");
  EXPECT_EQ(Preview(Provider::kOpenai, "sk-12345678"), "sk-...");
}

}  // namespace
}  // namespace latchkey::provider
