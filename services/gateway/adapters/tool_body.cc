#include "services/gateway/adapters/tool_body.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lib/base/error.h"
#include "services/gateway/adapters/api_request.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
using orchestrator::v1::Agent;

constexpr int64_t kTimeoutMsMax =
    600'000;  // What fits a duration; orchestrator has the real bound.

absl::Status Malformed(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedBody, message);
}

bool HasOnly(const json::object& object, std::initializer_list<std::string_view> names) {
  for (const auto& entry : object) {
    bool known = false;
    for (const std::string_view name : names) known = known || entry.key() == name;
    if (!known) return false;
  }
  return true;
}

absl::Status SetTexts(const json::object& object,
                      std::initializer_list<std::pair<std::string_view, std::string*>> fields) {
  for (const auto& [name, text] : fields) {
    absl::StatusOr<std::string> given = TextField(object, name);
    if (!given.ok()) return given.status();
    *text = *std::move(given);
  }
  return absl::OkStatus();
}

absl::Status ParseTool(const json::object& object, type::v1::Tool& tool) {
  if (!HasOnly(object, {"name", "description", "parameters", "url", "timeoutMs", "filler"})) {
    return Malformed(
        "A tool has name, description, parameters, url, timeoutMs and filler, and nothing else.");
  }
  absl::Status texts = SetTexts(object, {{"name", tool.mutable_name()},
                                         {"description", tool.mutable_description()},
                                         {"url", tool.mutable_url()},
                                         {"filler", tool.mutable_filler()}});
  if (!texts.ok()) return texts;
  if (const json::value* parameters = object.if_contains("parameters")) {
    if (!parameters->is_object()) return Malformed("A tool's parameters are a JSON Schema.");
    tool.set_parameters(json::serialize(*parameters));
  }
  const absl::StatusOr<int64_t> ms = IntegerField(object, "timeoutMs", 0);
  if (!ms.ok()) return ms.status();
  if (*ms < 0 || *ms > kTimeoutMsMax) return Malformed("A tool's timeoutMs is 100 to 15000.");
  if (*ms > 0) {
    tool.mutable_timeout()->set_seconds(*ms / 1000);
    tool.mutable_timeout()->set_nanos(static_cast<int32_t>(*ms % 1000 * 1'000'000));
  }
  return absl::OkStatus();
}

absl::Status ParseTarget(const json::object& object, type::v1::TransferTarget& target) {
  if (!HasOnly(object, {"name", "e164"})) {
    return Malformed("A transfer target has name and e164, and nothing else.");
  }
  return SetTexts(object, {{"name", target.mutable_name()}, {"e164", target.mutable_e164()}});
}

template <typename Add>
absl::Status ForEach(const json::object& body, std::string_view name, Add add) {
  const json::value* list = body.if_contains(name);
  if (list == nullptr) return absl::OkStatus();
  if (!list->is_array()) return Malformed("The fields tools and transferTargets are arrays.");
  for (const json::value& item : list->get_array()) {
    if (!item.is_object()) {
      return Malformed("The fields tools and transferTargets are arrays of objects.");
    }
    if (absl::Status added = add(item.get_object()); !added.ok()) return added;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ParseTools(const json::object& body, Agent& agent) {
  absl::Status tools = ForEach(body, "tools", [&](const json::object& object) {
    return ParseTool(object, *agent.add_tools());
  });
  if (!tools.ok()) return tools;
  return ForEach(body, "transferTargets", [&](const json::object& object) {
    return ParseTarget(object, *agent.add_transfer_targets());
  });
}

json::array ToolsView(const Agent& agent) {
  json::array tools;
  for (const type::v1::Tool& tool : agent.tools()) {
    boost::system::error_code error;
    tools.push_back(
        {{"name", tool.name()},
         {"description", tool.description()},
         {"parameters", json::parse(tool.parameters(), error)},
         {"url", tool.url()},
         {"timeoutMs", tool.timeout().seconds() * 1000 + tool.timeout().nanos() / 1'000'000},
         {"filler", tool.filler()}});
  }
  return tools;
}

json::array TransferTargetsView(const Agent& agent) {
  json::array targets;
  for (const type::v1::TransferTarget& target : agent.transfer_targets()) {
    targets.push_back({{"name", target.name()}, {"e164", target.e164()}});
  }
  return targets;
}

}  // namespace latchkey::gateway
