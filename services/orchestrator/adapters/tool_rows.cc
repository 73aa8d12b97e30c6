#include "services/orchestrator/adapters/tool_rows.h"

#include <boost/json.hpp>

#include "lib/base/check.h"

namespace latchkey::orchestrator {
namespace {

namespace json = boost::json;

json::array ParseArray(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  Check(!error && value.is_array(), "a column of numbers is a JSON array");
  return std::move(value.as_array());
}

std::string Text(const json::value& object, const char* name) {
  return std::string(object.at(name).as_string());
}

}  // namespace

std::string ToolsJson(const std::vector<Tool>& tools) {
  json::array array;
  for (const Tool& tool : tools) {
    array.push_back({{"name", tool.name},
                     {"description", tool.description},
                     {"parameters", tool.parameters},
                     {"url", tool.url},
                     {"timeoutMs", absl::ToInt64Milliseconds(tool.timeout)},
                     {"filler", tool.filler}});
  }
  return json::serialize(array);
}

std::string TransferTargetsJson(const std::vector<TransferTarget>& targets) {
  json::array array;
  for (const TransferTarget& target : targets) {
    array.push_back({{"name", target.name}, {"e164", target.e164}});
  }
  return json::serialize(array);
}

std::vector<Tool> ReadTools(std::string_view text) {
  std::vector<Tool> tools;
  for (const json::value& object : ParseArray(text)) {
    tools.push_back({.name = Text(object, "name"),
                     .description = Text(object, "description"),
                     .parameters = Text(object, "parameters"),
                     .url = Text(object, "url"),
                     .timeout = absl::Milliseconds(object.at("timeoutMs").as_int64()),
                     .filler = Text(object, "filler")});
  }
  return tools;
}

std::vector<TransferTarget> ReadTransferTargets(std::string_view text) {
  std::vector<TransferTarget> targets;
  for (const json::value& object : ParseArray(text)) {
    targets.push_back({.name = Text(object, "name"), .e164 = Text(object, "e164")});
  }
  return targets;
}

}  // namespace latchkey::orchestrator
