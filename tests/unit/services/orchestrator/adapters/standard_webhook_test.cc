#include "services/orchestrator/adapters/standard_webhook.h"

#include <gtest/gtest.h>

#include <array>

#include "lib/base/base64.h"
#include "lib/secret/mac.h"

namespace latchkey::orchestrator {
namespace {

// The published vector of standardwebhooks' reference libraries.
TEST(StandardWebhookTest, SignsAsTheReferenceLibrariesDo) {
  std::array<uint8_t, 24> bytes{};
  ASSERT_EQ(DecodeBase64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", bytes), 24u);
  const Secret secret(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));

  const std::string content =
      SignedContent("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})");

  EXPECT_EQ(SignatureHeader({secret::Mac::HmacSha256(secret, content)}),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(StandardWebhookTest, SeveralSignaturesStandBesideEachOther) {
  EXPECT_EQ(SignatureHeader({"new", "old"}), "v1,bmV3 v1,b2xk");
}

TEST(StandardWebhookTest, ATimestampIsWholeSeconds) {
  EXPECT_EQ(WebhookTimestamp(absl::FromUnixMillis(1'614'265'330'999)), "1614265330");
}

}  // namespace
}  // namespace latchkey::orchestrator
