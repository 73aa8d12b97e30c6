#include "services/gateway/domain/bearer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "tests/support/status_matchers.h"

namespace latchkey::gateway {
namespace {

TEST(BearerTest, HashesTheApiKeyAlone) {
  const absl::StatusOr<std::string> hash = ApiKeyHash("Bearer ac_live_abc");

  // sha256sum of "ac_live_abc".
  ASSERT_THAT(hash, IsOk());
  EXPECT_EQ(absl::BytesToHexString(*hash),
            "13d98703ec76496b119bd4caf777ba29c25875a4af5370e82573495b238f80df");
}

TEST(BearerTest, RefusesWhatIsNotAnApiKeyOfOurs) {
  for (const char* header : {"", "Bearer", "Bearer ", "Basic ac_live_abc", "bearer ac_live_abc",
                             "Bearer sk-ant-abc", "ac_live_abc"}) {
    EXPECT_THAT(ApiKeyHash(header), StatusIs(absl::StatusCode::kUnauthenticated, "api_key_missing"))
        << header;
  }
}

TEST(BearerTest, RefusesAnEndlessHeader) {
  EXPECT_THAT(ApiKeyHash("Bearer ac_live_" + std::string(1000, 'a')),
              StatusIs(absl::StatusCode::kUnauthenticated, "api_key_missing"));
}

}  // namespace
}  // namespace latchkey::gateway
