#include "services/validator/providers/twilio.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "lib/secret/secret.h"
#include "services/validator/providers/answer.h"

namespace latchkey::validator {
namespace {

constexpr Provider kProvider = Provider::kTwilio;

// AC and 32 hex digits; nothing else may get into the path.
bool IsAccountSid(std::string_view text) {
  return text.size() == 34 && text.starts_with("AC") &&
         text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
}

Verdict MalformedSid() {
  return Verdict::Rejected(Rejection::kMalformedKey,
                           "The Account SID is AC and 32 hexadecimal digits. Copy it again from "
                           "console.twilio.com.");
}

Verdict Unknown() {
  return Verdict::Rejected(Rejection::kInvalidKey,
                           "Twilio does not know this Account SID with this Auth Token. Copy both "
                           "again from console.twilio.com.");
}

Verdict Suspended() {
  return Verdict::Rejected(Rejection::kAccountSuspended,
                           "The Twilio account is suspended or closed. Reactivate it on "
                           "console.twilio.com, then save the key again.");
}

Verdict JudgeAccount(const http::Response& response, std::string_view account_sid) {
  // A suspended account answers 200, too.
  if (TextAt(response, "status") != "active") return Suspended();
  Verdict verdict = Verdict::Valid();
  verdict.trial = TextAt(response, "type") == "Trial";
  verdict.carrier_account = account_sid;
  return verdict;
}

bool IsNotActive(const std::string& code) {
  return code == "20403" || code == "20005" || code == "10001";
}

Verdict JudgeRefusal(const http::Response& response) {
  const std::string code = TextAt(response, "code");
  if (IsNotActive(code)) return Suspended();
  if (code == "20008") {
    return Verdict::Rejected(Rejection::kInsufficientScope,
                             "These are Twilio's test credentials, which cannot make calls. Paste "
                             "the live Account SID and Auth Token.");
  }
  if (code == "70004" || response.status == 403) {
    return Verdict::Rejected(Rejection::kInsufficientScope,
                             "Twilio does not let this key read the account. Paste the account's "
                             "own Auth Token.");
  }
  return Unknown();
}

}  // namespace

absl::StatusOr<Verdict> JudgeTwilio(const http::Response& response, std::string_view account_sid) {
  switch (response.status) {
    case 200:
      return JudgeAccount(response, account_sid);
    case 401:
    case 403:
      return JudgeRefusal(response);
    case 404:
      return Unknown();
    case 429:
      return RateLimited(kProvider, response);
    default:
      return NoVerdict(kProvider, response);
  }
}

TwilioProber::TwilioProber(http::Client& client, http::Url base_url)
    : client_(client), base_url_(std::move(base_url)) {}

Task<absl::StatusOr<Verdict>> TwilioProber::Probe(const Candidate& candidate) {
  const std::string account_sid(candidate.Text("account_sid"));
  if (!IsAccountSid(account_sid)) co_return MalformedSid();
  const std::string path = fmt::format("/2010-04-01/Accounts/{}.json", account_sid);
  http::Request request("GET", base_url_.At(path));
  request.secret = http::SecretHeader::Basic(account_sid, *candidate.FindSecret("auth_token"));
  const http::Limits limits = ProbeLimits();
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return NoAnswer(kProvider, response.status());
  absl::StatusOr<Verdict> verdict = JudgeTwilio(*response, account_sid);
  secret::Wipe(response->body);
  co_return verdict;
}

}  // namespace latchkey::validator
