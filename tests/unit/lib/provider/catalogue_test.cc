#include "lib/provider/catalogue.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace latchkey::provider {
namespace {

TEST(CatalogueTest, EveryProviderIsFoundByNameAndByNumber) {
  ASSERT_EQ(Catalogue().size(), 6u);
  for (const Entry& entry : Catalogue()) {
    EXPECT_THAT(ParseProvider(entry.name), IsOkAndHolds(entry.provider));
    EXPECT_THAT(ParseProvider(static_cast<int>(entry.provider)), IsOkAndHolds(entry.provider));
    EXPECT_EQ(&Describe(entry.provider), &entry);
  }
  EXPECT_THAT(ParseProvider("acme"),
              StatusIs(absl::StatusCode::kInvalidArgument, "unknown_provider"));
  EXPECT_FALSE(ParseProvider(0).ok());
  EXPECT_FALSE(ParseProvider(7).ok());
}

TEST(CatalogueTest, EveryPreviewFieldIsASecretThatMustBeGiven) {
  for (const Entry& entry : Catalogue()) {
    const Field* field = FindField(entry, entry.preview_field);
    ASSERT_NE(field, nullptr) << entry.name;
    EXPECT_TRUE(field->secret && field->required) << entry.name;
  }
}

TEST(CatalogueTest, ProvidersAreReachedByTlsOnly) {
  for (const Entry& entry : Catalogue()) {
    EXPECT_TRUE(entry.base_url.starts_with("https://")) << entry.name;
    EXPECT_FALSE(entry.base_url.ends_with("/")) << entry.name;
  }
}

TEST(CatalogueTest, TwilioHasAnAccountATokenAndPerhapsANumber) {
  const Entry& twilio = Describe(Provider::kTwilio);

  EXPECT_EQ(twilio.kind, Kind::kCarrier);
  EXPECT_FALSE(FindField(twilio, "account_sid")->secret);
  EXPECT_TRUE(FindField(twilio, "auth_token")->secret);
  EXPECT_FALSE(FindField(twilio, "phone_number")->required);
  EXPECT_EQ(FindField(twilio, "api_key"), nullptr);
}

}  // namespace
}  // namespace latchkey::provider
