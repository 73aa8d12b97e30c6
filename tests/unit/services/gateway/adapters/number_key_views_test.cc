#include "services/gateway/adapters/number_key_views.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "lib/base/error.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace kv = keyvault::v1;
namespace orch = orchestrator::v1;

orch::AdmittedNumber NumberOf(std::string id, type::v1::Pipeline pipeline) {
  orch::AdmittedNumber number;
  number.set_number_id(std::move(id));
  number.set_model("gpt-realtime-2.1");
  number.set_pipeline(pipeline);
  return number;
}

kv::Key SampleKey() {
  kv::Key key;
  key.set_preview("sk-proj-...xy12");
  key.mutable_validate_time()->set_seconds(1'779'124'448);
  return key;
}

absl::Status Unknown() {
  return Error(absl::StatusCode::kNotFound, "number_not_found", "No such number.");
}

TEST(NumberKeyViewsTest, ATestIsAnsweredAsThePageShows) {
  const orch::AdmittedNumber number = NumberOf("num_a", type::v1::PIPELINE_REALTIME);

  EXPECT_EQ(TestedView(number, {}), json::parse(R"({"ok": true, "model": "gpt-realtime-2.1"})"));
}

TEST(NumberKeyViewsTest, ASaveIsAnsweredAsThePageShows) {
  const orch::AdmittedNumber number = NumberOf("num_a", type::v1::PIPELINE_REALTIME);

  EXPECT_EQ(SavedView(number, SampleKey(), {}), json::parse(R"({
      "ok": true, "numberId": "num_a", "voiceMode": "byok", "keyPreview": "sk-proj-...xy12",
      "configuredAt": "2026-05-18T17:14:08.000Z"})"));
}

TEST(NumberKeyViewsTest, AComposedNumberIsToldThatItsCallsDoNotUseTheKey) {
  const orch::AdmittedNumber number = NumberOf("num_a", type::v1::PIPELINE_COMPOSED);

  const json::object view = SavedView(number, SampleKey(), {});

  ASSERT_TRUE(view.contains("warnings"));
  EXPECT_EQ(view.at("warnings").as_array().size(), 1u);
}

TEST(NumberKeyViewsTest, OfManyEachResultIsToldAndOneFailureIsNoSuccess) {
  orch::AdmitNumberKeysResponse admitted;
  *admitted.add_numbers() = NumberOf("num_a", type::v1::PIPELINE_REALTIME);
  *admitted.add_numbers() = NumberOf("num_b", type::v1::PIPELINE_REALTIME);
  admitted.add_unknown_number_ids("num_x");
  kv::PutNumberKeysResponse saved;
  saved.add_results()->set_number_id("num_a");
  *saved.mutable_results(0)->mutable_key() = SampleKey();
  saved.add_results()->set_number_id("num_b");
  saved.mutable_results(1)->set_error("byok_key_invalid");
  saved.mutable_results(1)->set_reason("model_not_found");
  saved.mutable_results(1)->set_message("Key cannot access it.");

  const Reply reply = ManyReply(admitted, saved, Unknown());

  EXPECT_EQ(reply.status, 207);
  EXPECT_EQ(reply.body, json::parse(R"({"ok": false, "results": [
      {"ok": true, "numberId": "num_a", "voiceMode": "byok", "keyPreview": "sk-proj-...xy12",
       "configuredAt": "2026-05-18T17:14:08.000Z"},
      {"ok": false, "numberId": "num_b", "error": {"code": "byok_key_invalid",
       "reason": "model_not_found", "message": "Key cannot access it."}},
      {"ok": false, "numberId": "num_x", "error": {"code": "number_not_found",
       "reason": "number_not_found", "message": "No such number."}}]})"));
}

TEST(NumberKeyViewsTest, OfManyAllSavedIsASuccess) {
  orch::AdmitNumberKeysResponse admitted;
  *admitted.add_numbers() = NumberOf("num_a", type::v1::PIPELINE_REALTIME);
  kv::PutNumberKeysResponse saved;
  saved.add_results()->set_number_id("num_a");
  *saved.mutable_results(0)->mutable_key() = SampleKey();

  const Reply reply = ManyReply(admitted, saved, Unknown());

  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body.at("ok"), true);
}

}  // namespace
}  // namespace latchkey::gateway
