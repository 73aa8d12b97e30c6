#include "lib/provider/key_hosts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace latchkey::provider {
namespace {

using testing::ElementsAre;

TEST(KeyHostsTest, AProviderWithoutSettingsHasItsHostOfTheCatalogue) {
  const KeyHosts hosts;

  EXPECT_THAT(hosts.Of(Provider::kAnthropic), ElementsAre("api.anthropic.com"));
  for (const Entry& entry : Catalogue()) {
    ASSERT_EQ(hosts.Of(entry.provider).size(), 1u) << entry.name;
    EXPECT_EQ(hosts.Of(entry.provider).front().find('/'), std::string::npos) << entry.name;
  }
}

TEST(KeyHostsTest, SettingsReplaceTheCatalogueAndMayNameSeveral) {
  KeyHosts hosts;

  hosts.Name(Provider::kExotel, "sg.carrier.test");
  hosts.Name(Provider::kExotel, "in.carrier.test");

  EXPECT_THAT(hosts.Of(Provider::kExotel), ElementsAre("sg.carrier.test", "in.carrier.test"));
  EXPECT_THAT(hosts.Of(Provider::kTwilio), ElementsAre("api.twilio.com"));
}

}  // namespace
}  // namespace latchkey::provider
