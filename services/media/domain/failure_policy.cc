#include "services/media/domain/failure_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// A provider that fails more often than this in one call is not worth the callee's patience.
constexpr int kRetriesMax = 5;
constexpr absl::Duration kRetryDelay = absl::Milliseconds(200);
// Cartesia: after 100 to 300 ms, at most three times (its concurrency limits).
constexpr absl::Duration kLimitDelay = absl::Milliseconds(300);
constexpr int kLimitTriesMax = 3;
// Nobody holds the line for longer than this.
constexpr absl::Duration kPatience = absl::Seconds(2);

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

absl::Duration ToldToWait(const absl::Status& why) {
  const ErrorMetadata metadata = Metadata(why);
  const auto told = metadata.find(std::string(kRetryAfterMs));
  return told == metadata.end() ? absl::ZeroDuration()
                                : absl::Milliseconds(std::atoll(told->second.c_str()));
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
    case Party::kRealtimeModel:
      return "openai";
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

absl::Status SessionExpired(Party party) {
  const std::string_view name = NameOf(party);
  return Error(absl::StatusCode::kUnavailable, fmt::format("{}_{}", name, reasons::kSessionExpired),
               fmt::format("{} ended the session, which had lasted as long as it may.", name));
}

absl::Status ModelNotFound(Party party) {
  const std::string_view name = NameOf(party);
  return Error(absl::StatusCode::kPermissionDenied,
               fmt::format("{}_{}", name, reasons::kModelNotFound),
               fmt::format("{} does not let the key use the model; choose another one, or allow it "
                           "to the key's project.",
                           name));
}

absl::Status KeyReplaced(const absl::Status& refused) {
  return Error(absl::StatusCode::kAborted, Reason(refused),
               Message(refused) + " The call goes on with the key's other version.");
}

std::optional<absl::Duration> FailurePolicy::RetryAfter(const absl::Status& why) {
  if (absl::IsAborted(why)) {
    // Whatever was tried before was tried with the other key.
    if (!incident_.has_value()) incident_ = why;
    return kRetryDelay;
  }
  const bool limited = absl::IsResourceExhausted(why);
  const bool worth = limited || absl::IsUnavailable(why) || absl::IsDeadlineExceeded(why);
  const int tries_max = limited ? kLimitTriesMax : 1;
  const absl::Duration told = ToldToWait(why);
  if (!worth || tries_ >= tries_max || retries_ >= kRetriesMax || told > kPatience) {
    return std::nullopt;
  }
  if (!incident_.has_value()) incident_ = why;
  ++retries_;
  const absl::Duration usual = limited ? kLimitDelay * (1 << tries_) : kRetryDelay;
  ++tries_;
  return std::max(told, usual);
}

std::optional<absl::Status> FailurePolicy::Recovered() {
  tries_ = 0;
  return std::exchange(incident_, std::nullopt);
}

}  // namespace latchkey::media
