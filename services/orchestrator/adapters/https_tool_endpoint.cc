#include "services/orchestrator/adapters/https_tool_endpoint.h"

#include <boost/json.hpp>

#include "lib/http/url.h"
#include "services/orchestrator/adapters/standard_webhook.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

namespace json = boost::json;

absl::StatusOr<std::string> BodyOf(const ToolCall& call, absl::Time now) {
  boost::system::error_code error;
  json::value arguments = json::parse(call.arguments, error);
  if (error || !arguments.is_object()) return Malformed("arguments is a JSON object.");
  const json::object body = {
      {"type", "tool.call"},
      {"timestamp", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", now, absl::UTCTimeZone())},
      {"data",
       {{"callId", call.call.text()},
        {"numberId", call.number.text()},
        {"tool", call.tool.name},
        {"arguments", std::move(arguments)}}}};
  return json::serialize(body);
}

}  // namespace

Task<absl::StatusOr<std::string>> HttpsToolEndpoint::Run(const ToolCall& call) {
  absl::StatusOr<http::Url> url = http::Url::Parse(call.tool.url);
  if (!url.ok()) co_return Malformed("The tool's url is none.");
  const absl::Time now = clock_.Now();
  absl::StatusOr<std::string> body = BodyOf(call, now);
  if (!body.ok()) co_return body.status();
  const std::string timestamp = WebhookTimestamp(now);
  const std::string content = SignedContent(call.invocation_id, timestamp, *body);
  absl::StatusOr<std::vector<std::string>> macs = co_await signer_.Sign(call.tenant, content);
  if (!macs.ok()) co_return macs.status();
  http::Request request("POST", *std::move(url));
  request.headers.Set("content-type", "application/json");
  request.headers.Set("user-agent", "latchkey/1");
  request.headers.Set(kWebhookId, call.invocation_id);
  request.headers.Set(kWebhookTimestamp, timestamp);
  request.headers.Set(kWebhookSignature, SignatureHeader(*macs));
  request.body = *std::move(body);
  co_return co_await client_.Post(request, call.tool.timeout);
}

}  // namespace latchkey::orchestrator
