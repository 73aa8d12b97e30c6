#include "lib/base/id.h"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>

#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace latchkey {
namespace {

TEST(IdTest, MadeIdsParseAgainAndDiffer) {
  SeededRandom random;
  std::set<CallId> ids;

  for (int i = 0; i < 100; ++i) ids.insert(CallId::Make(random));

  EXPECT_EQ(ids.size(), 100u);
  for (const CallId& id : ids) EXPECT_THAT(CallId::Parse(id.text()), IsOkAndHolds(id));
}

TEST(IdTest, RefusesAnotherKindsId) {
  SeededRandom random;
  const CallId call = CallId::Make(random);

  EXPECT_THAT(TenantId::Parse(call.text()),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_id"));
}

TEST(IdTest, RefusesWhatCouldNotBeAnId) {
  const std::string longest = "tnt_" + std::string(64, 'a');

  EXPECT_THAT(TenantId::Parse(longest), IsOk());
  for (const std::string& text :
       {std::string(), std::string("tnt_"), longest + "a", std::string("tnt_a b"),
        std::string("tnt_a/../b"), std::string("tnt_é"), std::string("tnt_a\n")}) {
    EXPECT_THAT(TenantId::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument, "malformed_id"))
        << text;
  }
}

TEST(IdTest, KindsDoNotMix) {
  EXPECT_FALSE((std::is_convertible_v<TenantId, CallId>));
  EXPECT_EQ(PlatformTenant().text(), "tnt_platform");
}

}  // namespace
}  // namespace latchkey
