#include "services/validator/providers/openai.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "services/validator/providers/answer.h"

namespace latchkey::validator {
namespace {

constexpr Provider kProvider = Provider::kOpenai;
constexpr std::string_view kModel = "gpt-realtime-2.1";  // What calls use unless a number says.
constexpr absl::Duration kSessionMax = absl::Seconds(12);

constexpr std::string_view kProbe =
    R"({"type":"response.create","event_id":"probe","response":{"output_modalities":["text"],)"
    R"("max_output_tokens":16,"instructions":"Say ok."}})";

std::string_view ModelOf(const Candidate& candidate) {
  return candidate.model().empty() ? kModel : candidate.model();
}

Verdict InvalidKey() {
  return Verdict::Rejected(Rejection::kInvalidKey,
                           "OpenAI does not know this key: it is mistyped, revoked or expired. "
                           "Create a new key on platform.openai.com/api-keys and paste it.");
}

Verdict Restricted() {
  return Verdict::Rejected(Rejection::kInsufficientScope,
                           "OpenAI knows the key, but it is restricted. Give it the permissions to "
                           "read models and to use Realtime, or make a key that may do all, then "
                           "save it again.");
}

Verdict ModelDenied(std::string_view model) {
  return Verdict::Rejected(
      Rejection::kModelNotFound,
      fmt::format("Key cannot access {} in this project. Allow the model under Limits in the "
                  "project's settings on platform.openai.com, then try again.",
                  model));
}

Verdict NoCredit() {
  return Verdict::Rejected(
      Rejection::kNoCredit,
      "OpenAI knows the key, but the account has no credit left or has reached "
      "its limit. Add credit or raise the limit on platform.openai.com under "
      "Billing, then save the key again.");
}

Verdict Deactivated() {
  return Verdict::Rejected(Rejection::kAccountSuspended,
                           "OpenAI has deactivated the key's account. Ask OpenAI's support, then "
                           "save the key again.");
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// An error of OpenAI's, wherever it stands. `type` and `code` decide; numbers of close frames and
// statuses are less reliable.
std::optional<absl::StatusOr<Verdict>> ByCode(std::string_view type, std::string_view code,
                                              std::string_view model) {
  if (code == "invalid_api_key") return InvalidKey();
  if (code == "insufficient_scope") return Restricted();
  if (code == "model_not_found") return ModelDenied(model);
  if (code == "account_deactivated") return Deactivated();
  const bool unpaid = type == "insufficient_quota" || code == "insufficient_quota" ||
                      code == "billing_hard_limit_reached" || code == "credit_balance_exhausted" ||
                      code == "organization_spend_limit_exceeded" ||
                      code == "project_spend_limit_exceeded" ||
                      code == "organization_usage_limit_exceeded";
  if (unpaid) return NoCredit();
  if (code == "rate_limit_exceeded" || code == "slow_down") {
    return RateLimited(kProvider, http::Response());
  }
  return std::nullopt;
}

absl::StatusOr<Verdict> ByCodeOrNone(std::string_view type, std::string_view code,
                                     std::string_view model) {
  std::optional<absl::StatusOr<Verdict>> verdict = ByCode(type, code, model);
  if (verdict.has_value()) return *std::move(verdict);
  return Unreachable(kProvider, "answered with an error of its own");
}

}  // namespace

absl::StatusOr<Verdict> JudgeOpenaiModel(const http::Response& response, std::string_view model) {
  if (response.status == 200) return Verdict::Valid();
  if (response.status >= 500) return NoVerdict(kProvider, response);
  const std::string type = TextAt(response, "error.type"), code = TextAt(response, "error.code");
  const std::string message = TextAt(response, "error.message");
  if (response.status == 403 && Contains(message, "ountry")) {
    return Unreachable(kProvider, "refuses requests from this server's country");
  }
  std::optional<absl::StatusOr<Verdict>> verdict = ByCode(type, code, model);
  const bool busy = verdict.has_value() && !verdict->ok();
  if (verdict.has_value() && !busy) return *std::move(verdict);
  if (response.status == 429) return RateLimited(kProvider, response);
  const bool restricted = Contains(message, "ermission") || Contains(message, "scope");
  if (response.status == 403 || (response.status == 401 && restricted)) return Restricted();
  if (response.status == 401) return InvalidKey();
  return NoVerdict(kProvider, response);
}

std::optional<absl::StatusOr<Verdict>> JudgeOpenaiEvent(std::string_view event,
                                                        std::string_view model) {
  const std::string type = TextAt(event, "type");
  if (type == "error") {
    return ByCodeOrNone(TextAt(event, "error.type"), TextAt(event, "error.code"), model);
  }
  if (type != "response.done") return std::nullopt;
  const std::string status = TextAt(event, "response.status");
  // Cut at max_output_tokens, it has answered all the same.
  if (status == "completed" || status == "incomplete") return Verdict::Valid();
  constexpr std::string_view kError = "response.status_details.error";
  return ByCodeOrNone(TextAt(event, fmt::format("{}.type", kError)),
                      TextAt(event, fmt::format("{}.code", kError)), model);
}

// A close frame's reason is "<error type>.<error code>".
absl::StatusOr<Verdict> JudgeOpenaiEnd(const absl::Status& end, std::string_view model) {
  if (Reason(end) == "upgrade_refused") {
    const ErrorMetadata metadata = Metadata(end);
    http::Response response;
    if (metadata.contains("http_body")) response.body = metadata.at("http_body");
    const bool told = metadata.contains("http_status") &&
                      absl::SimpleAtoi(metadata.at("http_status"), &response.status);
    if (!told || response.status < 400) return Unreachable(kProvider, "opens no session");
    return JudgeOpenaiModel(response, model);
  }
  if (Reason(end) != "closed") return NoAnswer(kProvider, end);
  const ErrorMetadata metadata = Metadata(end);
  const std::string reason = metadata.contains("close_reason") ? metadata.at("close_reason") : "";
  const size_t dot = reason.find('.');
  if (dot == std::string::npos) return Unreachable(kProvider, "ended the session");
  return ByCodeOrNone(reason.substr(0, dot), reason.substr(dot + 1), model);
}

OpenaiProber::OpenaiProber(http::Client& client, http::TlsContext tls, http::Url base_url)
    : client_(client), tls_(std::move(tls)), base_url_(std::move(base_url)) {}

Task<absl::StatusOr<Verdict>> OpenaiProber::Probe(const Candidate& candidate) {
  absl::StatusOr<Verdict> model = co_await AskForModel(candidate);
  if (!model.ok() || !model->valid()) co_return model;
  Task<absl::StatusOr<Verdict>> conversation = Converse(candidate);
  absl::StatusOr<Verdict> verdict = co_await WithDeadline(std::move(conversation), kSessionMax);
  if (absl::IsDeadlineExceeded(verdict.status())) co_return NoAnswer(kProvider, verdict.status());
  co_return verdict;
}

Task<absl::StatusOr<Verdict>> OpenaiProber::AskForModel(const Candidate& candidate) {
  const std::string model(ModelOf(candidate));
  http::Request request("GET", base_url_.At("/v1/models/" + model));
  request.secret = http::SecretHeader::Bearer(*candidate.FindSecret("api_key"));
  const http::Limits limits = ProbeLimits();
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return NoAnswer(kProvider, response.status());
  co_return JudgeOpenaiModel(*response, model);
}

Task<absl::StatusOr<Verdict>> OpenaiProber::Converse(const Candidate& candidate) {
  const std::string model(ModelOf(candidate));
  const http::Form query{{"model", model}};
  const http::Url url = base_url_.At("/v1/realtime", query).AsWebsocket();
  const std::optional<http::SecretHeader> key =
      http::SecretHeader::Bearer(*candidate.FindSecret("api_key"));
  const http::Headers headers;
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket =
      co_await http::ConnectWebsocket(tls_, url, headers, key, limits);
  if (!socket.ok()) co_return JudgeOpenaiEnd(socket.status(), model);
  while (true) {
    absl::StatusOr<http::Message> message = co_await (*socket)->Read();
    if (!message.ok()) co_return JudgeOpenaiEnd(message.status(), model);
    std::optional<absl::StatusOr<Verdict>> verdict = JudgeOpenaiEvent(message->data, model);
    if (verdict.has_value()) co_return *std::move(verdict);
    if (TextAt(message->data, "type") != "session.created") continue;
    absl::Status asked = co_await (*socket)->WriteText(kProbe);
    if (!asked.ok()) co_return JudgeOpenaiEnd(asked, model);
  }
}

}  // namespace latchkey::validator
