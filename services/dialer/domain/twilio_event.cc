#include "services/dialer/domain/twilio_event.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

struct StatusMeaning {
  std::string_view status;
  CallState state;
  Disposition disposition;
};

constexpr StatusMeaning kMeanings[] = {
    {"queued", CallState::kPlacing, Disposition::kNone},
    {"initiated", CallState::kPlacing, Disposition::kNone},
    {"ringing", CallState::kRinging, Disposition::kNone},
    {"in-progress", CallState::kAnswered, Disposition::kNone},
    {"completed", CallState::kEnded, Disposition::kCompleted},
    {"busy", CallState::kEnded, Disposition::kBusy},
    {"no-answer", CallState::kEnded, Disposition::kNoAnswer},
    {"failed", CallState::kEnded, Disposition::kFailed},
    {"canceled", CallState::kEnded, Disposition::kCanceled},
};

std::string_view Value(const provider::FormParameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return "";
}

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end || number < 0) return std::nullopt;
  return number;
}

absl::Time EventTime(std::string_view text, absl::Time now) {
  absl::Time time;
  const bool read = absl::ParseTime("%a, %d %b %Y %H:%M:%S %z",
                                    absl::string_view(text.data(), text.size()), &time, nullptr);
  return read ? time : now;
}

absl::Status Malformed(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest, message);
}

// A number's own callback, of an inbound call, is about its end alone, and not numbered.
constexpr int64_t kUnnumberedEnd = 1'000'000;

absl::StatusOr<int64_t> SequenceOf(const provider::FormParameters& parameters,
                                   const StatusMeaning& meaning) {
  const std::string_view text = Value(parameters, "SequenceNumber");
  if (text.empty() && meaning.state == CallState::kEnded) return kUnnumberedEnd;
  const std::optional<int64_t> number = WholeNumber(text);
  if (!number.has_value()) return Malformed("The callback has no sequence number.");
  return *number;
}

}  // namespace

bool IsTwilioDialed(const provider::FormParameters& parameters) {
  return !Value(parameters, "DialCallStatus").empty();
}

absl::StatusOr<CarrierEvent> ParseTwilioEvent(const provider::FormParameters& parameters,
                                              absl::Time now) {
  const std::string_view status = Value(parameters, "CallStatus");
  const StatusMeaning* meaning = nullptr;
  for (const StatusMeaning& known : kMeanings) {
    if (known.status == status) meaning = &known;
  }
  if (meaning == nullptr) return Malformed("This is no status of a Twilio call.");
  CarrierEvent event;
  event.carrier_call_id = Value(parameters, "CallSid");
  if (event.carrier_call_id.empty()) return Malformed("The callback names no call.");
  const absl::StatusOr<int64_t> sequence = SequenceOf(parameters, *meaning);
  if (!sequence.ok()) return sequence.status();
  event.sequence = *sequence;
  event.state = meaning->state;
  event.disposition = meaning->disposition;
  event.answered_s = WholeNumber(Value(parameters, "CallDuration")).value_or(0);
  event.time = EventTime(Value(parameters, "Timestamp"), now);
  return event;
}

}  // namespace latchkey::dialer
