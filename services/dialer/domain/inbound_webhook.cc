#include "services/dialer/domain/inbound_webhook.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

// A CallSid has 34 characters, a SIP address of a caller may be long.
constexpr size_t kCallSidBytesMax = 64;
constexpr size_t kFromBytesMax = 200;

std::string_view Value(const provider::FormParameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return "";
}

absl::Status Malformed(std::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest, message);
}

bool Printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

absl::StatusOr<InboundWebhook> ParseTwilioWebhook(const provider::FormParameters& parameters) {
  const std::string_view sid = Value(parameters, "CallSid");
  if (sid.empty() || sid.size() > kCallSidBytesMax || !Printable(sid)) {
    return Malformed("The webhook names no call.");
  }
  const std::string_view from = Value(parameters, "From");
  if (from.size() > kFromBytesMax || !Printable(from)) {
    return Malformed("The webhook names no caller.");
  }
  absl::StatusOr<E164> called = E164::Parse(Value(parameters, "To"));
  if (!called.ok()) return Malformed("The webhook does not name the number that is called.");
  return InboundWebhook{std::string(sid), from.empty() ? "unknown" : std::string(from),
                        *std::move(called)};
}

}  // namespace latchkey::dialer
