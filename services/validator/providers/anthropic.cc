#include "services/validator/providers/anthropic.h"

#include <string_view>
#include <utility>

#include "lib/provider/anthropic_limits.h"
#include "services/validator/providers/answer.h"

namespace latchkey::validator {
namespace {

constexpr Provider kProvider = Provider::kAnthropic;

constexpr char kProbe[] =
    R"({"model":"claude-haiku-5-5","max_tokens":1,"thinking":{"type":"disabled"},)"
    R"("messages":[{"role":"user","content":"Hi"}]})";

constexpr int kCeilingWithoutHeaders = 5;

Verdict NoCredit() {
  return Verdict::Rejected(
      Rejection::kNoCredit,
      "Anthropic knows the key, but the account has no credit left or has reached its spend limit. "
      "Add credit or raise the limit in the Anthropic console under Billing, then save the key "
      "again.");
}

Verdict Suspended() {
  return Verdict::Rejected(Rejection::kAccountSuspended,
                           "Anthropic has put the key's organization on hold. Ask Anthropic's "
                           "support, then save the key again.");
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Only the message tells an empty balance and a reached limit from a bad request of ours.
absl::StatusOr<Verdict> JudgeBadRequest(const http::Response& response) {
  if (TextAt(response, "error.details.error_code") == "organization_on_hold") return Suspended();
  const std::string message = TextAt(response, "error.message");
  if (Contains(message, "credit balance") || Contains(message, "usage limits")) return NoCredit();
  return NoVerdict(kProvider, response);
}

absl::StatusOr<Verdict> JudgeTooMany(const http::Response& response) {
  const std::string code = TextAt(response, "error.details.error_code");
  // The month's cap: waiting does not help.
  if (code == "enforced_spend_limit_reached" || code == "contract_spend_limit_reached") {
    return NoCredit();
  }
  return RateLimited(kProvider, response);
}

}  // namespace

int AnthropicCallCeiling(const http::Headers& headers) {
  const auto header = [&](std::string_view name) { return headers.Get(name); };
  return provider::AnthropicCallCeiling(header).value_or(kCeilingWithoutHeaders);
}

absl::StatusOr<Verdict> JudgeAnthropic(const http::Response& response) {
  switch (response.status) {
    case 200: {
      Verdict verdict = Verdict::Valid();
      verdict.call_ceiling = AnthropicCallCeiling(response.headers);
      return verdict;
    }
    case 400:
      return JudgeBadRequest(response);
    case 401:
      return Verdict::Rejected(Rejection::kInvalidKey,
                               "Anthropic does not know this key: it is mistyped, revoked or "
                               "expired. Create a new key in the Anthropic console and paste it.");
    case 402:
      return NoCredit();
    case 403:
      return Verdict::Rejected(Rejection::kInsufficientScope,
                               "Anthropic does not let this key send messages. Create a key in a "
                               "workspace that may, and paste it.");
    case 404:
      return Verdict::Rejected(Rejection::kModelNotFound,
                               "This key may not use claude-haiku-5-5. Allow the model for the "
                               "key's workspace in the Anthropic console, then save again.");
    case 429:
      return JudgeTooMany(response);
    default:
      return NoVerdict(kProvider, response);
  }
}

AnthropicProber::AnthropicProber(http::Client& client, http::Url base_url)
    : client_(client), base_url_(std::move(base_url)) {}

Task<absl::StatusOr<Verdict>> AnthropicProber::Probe(const Candidate& candidate) {
  http::Request request("POST", base_url_.At("/v1/messages"));
  request.headers.Set("anthropic-version", "2023-06-01");
  request.headers.Set("content-type", "application/json");
  request.body = kProbe;
  request.secret = http::SecretHeader("x-api-key", "", *candidate.FindSecret("api_key"));
  const http::Limits limits = ProbeLimits();
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return NoAnswer(kProvider, response.status());
  co_return JudgeAnthropic(*response);
}

}  // namespace latchkey::validator
