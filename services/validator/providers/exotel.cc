#include "services/validator/providers/exotel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "lib/secret/secret.h"
#include "services/validator/providers/answer.h"

namespace latchkey::validator {
namespace {

constexpr Provider kProvider = Provider::kExotel;
constexpr size_t kSidBytesMax = 64;

// A slug such as "acme1"; nothing else may get into the path.
bool IsSid(std::string_view text) {
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  };
  return !text.empty() && text.size() <= kSidBytesMax && std::ranges::all_of(text, fits);
}

Verdict MalformedSid() {
  return Verdict::Rejected(Rejection::kMalformedKey,
                           "The SID is a short name such as acme1. Copy it again from "
                           "my.exotel.com, API Settings.");
}

Verdict Unknown() {
  return Verdict::Rejected(Rejection::kInvalidKey,
                           "Exotel does not know this SID with this API Key and Token. Copy all "
                           "of them again from my.exotel.com, API Settings, and check the region.");
}

Verdict OtherRegion(std::string_view region, std::string_view city) {
  return Verdict::Rejected(
      Rejection::kInvalidKey,
      fmt::format("This key belongs to Exotel's region {}. Save it again with the region \"{}\".",
                  city, region));
}

Verdict Suspended() {
  return Verdict::Rejected(Rejection::kAccountSuspended,
                           "The Exotel account is not active, or its KYC is not complete. Settle "
                           "it on my.exotel.com, then save the key again.");
}

// Exotel's texts, in lower case: its codes are absent, or another one each time.
std::string MessageOf(const http::Response& response) {
  std::string message = TextAt(response, "RestException.Message");
  std::ranges::transform(message, message.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return message;
}

Verdict JudgeAccount(const http::Response& response, std::string_view sid) {
  std::string status = TextAt(response, "Account.Status");
  if (status.empty()) status = TextAt(response, "Status");
  if (!status.empty() && status != "active") return Suspended();
  Verdict verdict = Verdict::Valid();
  verdict.carrier_account = sid;
  return verdict;
}

Verdict JudgeForbidden(const http::Response& response) {
  const std::string message = MessageOf(response);
  if (message.find("kyc") != std::string::npos || message.find("suspended") != std::string::npos) {
    return Suspended();
  }
  return Verdict::Rejected(Rejection::kInsufficientScope,
                           "Exotel does not let us use this account. If it has a list of allowed "
                           "IP addresses, add ours on my.exotel.com.");
}

}  // namespace

absl::StatusOr<Verdict> JudgeExotel(const http::Response& response, std::string_view sid) {
  switch (response.status) {
    case 200:
      return JudgeAccount(response, sid);
    case 401:
    case 404:
      return Unknown();
    case 402:
      return Verdict::Rejected(Rejection::kNoCredit,
                               "The Exotel account has no balance left. Top it up on "
                               "my.exotel.com, then save the key again.");
    case 403:
      return JudgeForbidden(response);
    case 429:
      return RateLimited(kProvider, response);
    default:
      return NoVerdict(kProvider, response);
  }
}

ExotelProber::ExotelProber(http::Client& client, http::Url singapore, http::Url mumbai)
    : client_(client), singapore_(std::move(singapore)), mumbai_(std::move(mumbai)) {}

Task<absl::StatusOr<Verdict>> ExotelProber::Probe(const Candidate& candidate) {
  if (!IsSid(candidate.Text("sid"))) co_return MalformedSid();
  const bool indian = candidate.Text("region") == "in";
  const http::Url& named = indian ? mumbai_ : singapore_;
  const http::Url& unnamed = indian ? singapore_ : mumbai_;
  absl::StatusOr<Verdict> verdict = co_await Ask(named, candidate);
  if (!verdict.ok() || verdict->rejection != Rejection::kInvalidKey) co_return verdict;
  // Wrong keys and keys of the other region are refused alike: only that region can tell.
  const absl::StatusOr<Verdict> other = co_await Ask(unnamed, candidate);
  if (!other.ok() || !other->valid()) co_return verdict;
  if (indian) co_return OtherRegion("sg", "Singapore");
  co_return OtherRegion("in", "Mumbai");
}

Task<absl::StatusOr<Verdict>> ExotelProber::Ask(const http::Url& region,
                                                const Candidate& candidate) {
  const std::string sid(candidate.Text("sid"));
  http::Request request("GET", region.At(fmt::format("/v1/Accounts/{}.json", sid)));
  const Secret& token = *candidate.FindSecret("auth_token");
  // Accounts without a key of their own sign in with their SID.
  const Secret* const key = candidate.FindSecret("api_key");
  request.secret = key == nullptr ? http::SecretHeader::Basic(sid, token)
                                  : http::SecretHeader::Basic(*key, token);
  const http::Limits limits = ProbeLimits();
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return NoAnswer(kProvider, response.status());
  absl::StatusOr<Verdict> verdict = JudgeExotel(*response, sid);
  secret::Wipe(response->body);
  co_return verdict;
}

}  // namespace latchkey::validator
