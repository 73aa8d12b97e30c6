#include "services/media/domain/failure_policy.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// A provider that fails more often than this in one call is not worth the callee's patience.
constexpr int kRetriesMax = 5;

struct Verdict {
  absl::StatusCode code;
  std::string_view reason;
  std::string_view advice;
};

Verdict VerdictOf(int http_status) {
  using enum absl::StatusCode;
  if (http_status == 0) return {kUnavailable, reasons::kDropped, "broke the connection"};
  if (http_status == 401)
    return {kUnauthenticated, reasons::kRejectedKey,
            "rejected the key; create a new one and save it"};
  if (http_status == 402)
    return {kFailedPrecondition, reasons::kNoCredit,
            "says that the account has no credit; top it up"};
  if (http_status == 403)
    return {kPermissionDenied, reasons::kRejectedKey,
            "does not allow this with the key; check what it may be used for"};
  if (http_status == 429)
    return {kResourceExhausted, reasons::kRateLimited,
            "says that the account is at its limit; raise it or call less"};
  if (http_status == 408 || http_status == 504)
    return {kDeadlineExceeded, reasons::kTooSlow, "did not answer in time"};
  if (http_status == 529 || http_status >= 500)
    return {kUnavailable, reasons::kOverloaded, "is overloaded or has a fault"};
  return {kInvalidArgument, reasons::kRefusedRequest, "refused the request; check model and voice"};
}

}  // namespace

std::string_view NameOf(Party party) {
  switch (party) {
    case Party::kCarrier:
      return "twilio";
    case Party::kSpeechToText:
      return "deepgram";
    case Party::kLanguageModel:
      return "anthropic";
    case Party::kTextToSpeech:
      return "cartesia";
    case Party::kNone:
      break;
  }
  return "latchkey";
}

absl::Status ClassifyFailure(Party party, int http_status, std::string_view detail) {
  const Verdict verdict = VerdictOf(http_status);
  const std::string_view name = NameOf(party);
  const std::string_view separator = detail.empty() ? "" : " ";
  return Error(verdict.code, fmt::format("{}_{}", name, verdict.reason),
               fmt::format("{} {}.{}{}", name, verdict.advice, separator, detail));
}

bool FailurePolicy::MayRetry(const absl::Status& why) {
  const bool worth =
      absl::IsUnavailable(why) || absl::IsDeadlineExceeded(why) || absl::IsResourceExhausted(why);
  if (!worth || incident_.has_value() || retries_ >= kRetriesMax) return false;
  incident_ = why;
  ++retries_;
  return true;
}

std::optional<absl::Status> FailurePolicy::Recovered() {
  return std::exchange(incident_, std::nullopt);
}

}  // namespace latchkey::media
