#include "services/gateway/adapters/number_key_views.h"

#include <boost/json/array.hpp>
#include <map>
#include <utility>

#include "lib/base/error.h"
#include "services/gateway/adapters/json_values.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace kv = keyvault::v1;
namespace orch = orchestrator::v1;

constexpr int kOk = 200;
constexpr int kMultiStatus = 207;  // RFC 4918, 13

void AddWarnings(const orch::AdmittedNumber& number, json::array warnings, json::object& view) {
  if (number.pipeline() != type::v1::PIPELINE_REALTIME) {
    warnings.push_back(
        "This number's agent is composed: its calls do not use this key, nor its rate, until the "
        "agent's pipeline is realtime.");
  }
  if (!warnings.empty()) view["warnings"] = std::move(warnings);
}

json::object Failure(const std::string& number_id, json::object error) {
  return {{"ok", false}, {"numberId", number_id}, {"error", std::move(error)}};
}

json::object FailedView(const kv::NumberKeyResult& result) {
  return Failure(
      result.number_id(),
      {{"code", result.error()}, {"reason", result.reason()}, {"message", result.message()}});
}

}  // namespace

json::object TestedView(const orch::AdmittedNumber& number, const kv::TestKeyResponse& tested) {
  json::object view{{"ok", true}, {"model", number.model()}};
  AddWarnings(number, Sentences(tested.warnings()), view);
  return view;
}

json::object SavedView(const orch::AdmittedNumber& number, const kv::Key& key,
                       const google::protobuf::RepeatedPtrField<std::string>& warnings) {
  json::object view{{"ok", true},
                    {"numberId", number.number_id()},
                    {"voiceMode", "byok"},
                    {"keyPreview", key.preview()},
                    {"configuredAt", TimeValue(key.has_validate_time(), key.validate_time())}};
  AddWarnings(number, Sentences(warnings), view);
  return view;
}

Reply ManyReply(const orch::AdmitNumberKeysResponse& admitted,
                const kv::PutNumberKeysResponse& saved, const absl::Status& unknown) {
  std::map<std::string, const orch::AdmittedNumber*> numbers;
  for (const orch::AdmittedNumber& number : admitted.numbers()) {
    numbers[number.number_id()] = &number;
  }
  bool all = admitted.unknown_number_ids().empty();
  json::array results;
  for (const kv::NumberKeyResult& result : saved.results()) {
    all = all && result.has_key();
    results.push_back(result.has_key() ? SavedView(*numbers.at(result.number_id()), result.key(),
                                                   saved.warnings())
                                       : FailedView(result));
  }
  for (const std::string& number_id : admitted.unknown_number_ids()) {
    results.push_back(Failure(
        number_id,
        {{"code", Reason(unknown)}, {"reason", Reason(unknown)}, {"message", Message(unknown)}}));
  }
  Reply reply;
  reply.status = all ? kOk : kMultiStatus;
  reply.body = {{"ok", all}, {"results", std::move(results)}};
  return reply;
}

}  // namespace latchkey::gateway
