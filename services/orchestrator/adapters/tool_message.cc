#include "services/orchestrator/adapters/tool_message.h"

#include <boost/json.hpp>
#include <utility>

#include "services/orchestrator/adapters/time_message.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

namespace json = boost::json;

// What a tool that takes nothing has.
constexpr std::string_view kNoParameters = R"({"type":"object","properties":{}})";

// Providers refuse a whole request for one schema that is none, so it is refused here.
bool IsObjectSchema(const std::string& text) {
  boost::system::error_code error;
  const json::value schema = json::parse(text, error);
  if (error || !schema.is_object()) return false;
  const json::value* type = schema.get_object().if_contains("type");
  return type != nullptr && type->is_string() && type->get_string() == "object";
}

}  // namespace

absl::StatusOr<std::vector<Tool>> ParseTools(const v1::Agent& message) {
  std::vector<Tool> tools;
  for (const type::v1::Tool& given : message.tools()) {
    Tool tool;
    tool.name = given.name();
    tool.description = given.description();
    tool.parameters = given.parameters().empty() ? kNoParameters : given.parameters();
    if (!IsObjectSchema(tool.parameters)) {
      return Malformed("A tool's parameters are a JSON Schema with \"type\": \"object\".");
    }
    tool.url = given.url();
    if (given.has_timeout()) tool.timeout = ToDuration(given.timeout());
    tool.filler = given.filler();
    tools.push_back(std::move(tool));
  }
  return tools;
}

std::vector<TransferTarget> ParseTransferTargets(const v1::Agent& message) {
  std::vector<TransferTarget> targets;
  for (const type::v1::TransferTarget& given : message.transfer_targets()) {
    targets.push_back({.name = given.name(), .e164 = given.e164()});
  }
  return targets;
}

void FillTools(const std::vector<Tool>& tools, const std::vector<TransferTarget>& targets,
               v1::Agent& message) {
  for (const Tool& tool : tools) {
    type::v1::Tool& out = *message.add_tools();
    out.set_name(tool.name);
    out.set_description(tool.description);
    out.set_parameters(tool.parameters);
    out.set_url(tool.url);
    FillDuration(tool.timeout, *out.mutable_timeout());
    out.set_filler(tool.filler);
  }
  for (const TransferTarget& target : targets) {
    type::v1::TransferTarget& out = *message.add_transfer_targets();
    out.set_name(target.name);
    out.set_e164(target.e164);
  }
}

absl::StatusOr<WantedRun> ParseRun(const v1::RunToolRequest& request) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) return tenant.status();
  absl::StatusOr<NumberId> number = NumberId::Parse(request.number_id());
  if (!number.ok()) return number.status();
  absl::StatusOr<CallId> call = CallId::Parse(request.call_id());
  if (!call.ok()) return call.status();
  return WantedRun{.tenant = *std::move(tenant),
                   .number = *std::move(number),
                   .call = *std::move(call),
                   .invocation_id = request.invocation_id(),
                   .tool = request.tool(),
                   .arguments = request.arguments()};
}

}  // namespace latchkey::orchestrator
