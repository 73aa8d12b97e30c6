#include "services/gateway/adapters/json_views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "services/gateway/adapters/json_values.h"
#include "tests/support/status_matchers.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;

type::v1::Money Dollars(int64_t micros) {
  type::v1::Money money;
  money.set_currency_code("USD");
  money.set_micros(micros);
  return money;
}

TEST(JsonViewsTest, ShowsMoneyAsDecimalText) {
  EXPECT_EQ(MoneyValue(Dollars(400'000)).at("amount").as_string(), "0.40");
  EXPECT_EQ(MoneyValue(Dollars(213'333)).at("amount").as_string(), "0.213333");
  EXPECT_EQ(MoneyValue(Dollars(-1'500'000)).at("amount").as_string(), "-1.50");
  EXPECT_EQ(MoneyValue(Dollars(0)).at("amount").as_string(), "0.00");
}

TEST(JsonViewsTest, ShowsTimesInUtcWithMilliseconds) {
  google::protobuf::Timestamp time;
  time.set_seconds(1'779'124'448);
  time.set_nanos(7'000'000);

  EXPECT_EQ(TimeValue(true, time).as_string(), "2026-05-18T17:14:08.007Z");
  EXPECT_TRUE(TimeValue(false, time).is_null());
}

TEST(JsonViewsTest, AUseOfAKeySaysWhatIsKnownAndNothingElse) {
  keyvault::v1::AuditEntry entry;
  entry.set_number(7);
  entry.set_action("lease");
  entry.set_outcome("refused");
  entry.set_actor("spiffe://latchkey/media/m1");
  entry.set_reason("ticket_expired");
  entry.set_count(3);

  EXPECT_EQ(json::serialize(KeyUseView(entry)),
            R"({"number":7,"time":null,"action":"lease","outcome":"refused",)"
            R"("actor":"spiffe://latchkey/media/m1","count":3,"reason":"ticket_expired"})");
  entry.set_key_version(2);
  entry.set_call_id("call_1");
  EXPECT_EQ(KeyUseView(entry).at("keyVersion").as_int64(), 2);
  EXPECT_EQ(KeyUseView(entry).at("callId").as_string(), "call_1");
}

TEST(JsonViewsTest, NamesEveryProviderBothWays) {
  for (int number = 1; number <= 6; ++number) {
    const auto provider = static_cast<type::v1::Provider>(number);
    const absl::StatusOr<type::v1::Provider> again = ParseProvider(ProviderName(provider));
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(*again, provider);
  }
  EXPECT_THAT(ParseProvider("gemini"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(JsonViewsTest, ShowsANumbersVoiceModeAndItsKeysPreview) {
  orchestrator::v1::Number number;
  number.set_voice_mode(orchestrator::v1::VOICE_MODE_BYOK);
  number.set_key_preview("sk-proj-...xy12");

  EXPECT_EQ(NumberView(number).at("voiceMode").as_string(), "byok");
  EXPECT_EQ(NumberView(number).at("keyPreview").as_string(), "sk-proj-...xy12");

  number.set_voice_mode(orchestrator::v1::VOICE_MODE_MANAGED);
  number.clear_key_preview();
  EXPECT_EQ(NumberView(number).at("voiceMode").as_string(), "managed");
  EXPECT_TRUE(NumberView(number).at("keyPreview").is_null());

  number.clear_voice_mode();
  EXPECT_TRUE(NumberView(number).at("voiceMode").is_null());
}

TEST(JsonViewsTest, ShowsWhatAKeyIsWorthSinceWhenAndWhy) {
  keyvault::v1::Key key;
  key.set_status(keyvault::v1::KEY_STATUS_EXHAUSTED);
  key.set_status_reason("no_credit");
  key.mutable_status_time()->set_seconds(1'779'124'448);

  json::object view = KeyView(key);

  EXPECT_EQ(view.at("status").as_string(), "exhausted");
  EXPECT_EQ(view.at("reason").as_string(), "no_credit");
  EXPECT_EQ(view.at("since").as_string(), "2026-05-18T17:14:08.000Z");
  key.set_status(keyvault::v1::KEY_STATUS_VALID);
  key.clear_status_reason();
  EXPECT_FALSE(KeyView(key).contains("reason"));
}

TEST(JsonViewsTest, ShowsACallWithoutWhatItDoesNotHave) {
  dialer::v1::Call call;
  call.set_call_id("call_1");
  call.set_state(dialer::v1::CALL_STATE_RINGING);

  const json::object view = CallView(call);

  EXPECT_EQ(view.at("state").as_string(), "ringing");
  EXPECT_TRUE(view.at("answeredAt").is_null());
  EXPECT_FALSE(view.contains("disposition"));
  EXPECT_FALSE(view.contains("reason"));
}

TEST(JsonViewsTest, ShowsAnEventUnderItsKind) {
  orchestrator::v1::CallEvent event;
  event.mutable_utterance()->set_speaker(orchestrator::v1::SPEAKER_AGENT);
  event.mutable_utterance()->set_text("Hello.");
  event.mutable_utterance()->mutable_start_offset()->set_nanos(250'000'000);

  const json::object view = EventView(event);

  EXPECT_EQ(view.at("utterance").at("speaker").as_string(), "agent");
  EXPECT_EQ(view.at("utterance").at("startMs").as_int64(), 250);
  EXPECT_TRUE(view.at("utterance").at("endMs").is_null());
}

}  // namespace
}  // namespace latchkey::gateway
