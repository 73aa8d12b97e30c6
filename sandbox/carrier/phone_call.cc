#include "sandbox/carrier/phone_call.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace latchkey::sandbox {

std::string_view Text(CallStatus status) {
  switch (status) {
    case CallStatus::kQueued:
      return "queued";
    case CallStatus::kInitiated:
      return "initiated";
    case CallStatus::kRinging:
      return "ringing";
    case CallStatus::kInProgress:
      return "in-progress";
    case CallStatus::kCompleted:
      return "completed";
    case CallStatus::kBusy:
      return "busy";
    case CallStatus::kFailed:
      return "failed";
    case CallStatus::kNoAnswer:
      return "no-answer";
    case CallStatus::kCanceled:
      return "canceled";
  }
  return "";
}

bool Ended(CallStatus status) { return status >= CallStatus::kCompleted; }

PhoneCall::PhoneCall(Provider its_carrier, std::string id, std::string called, std::string caller,
                     absl::Time now)
    : carrier(its_carrier),
      sid(std::move(id)),
      to(std::move(called)),
      from(std::move(caller)),
      created(now) {}

void PhoneCall::Become(CallStatus next, absl::Time now) {
  if (Ended(status)) return;
  status = next;
  if (next == CallStatus::kInitiated) started = now;
  if (next == CallStatus::kInProgress) answered = now;
  if (Ended(next)) ended = now;
}

int64_t PhoneCall::BilledSeconds() const {
  if (!answered || !ended) return 0;
  return absl::ToInt64Seconds(absl::Ceil(*ended - *answered, absl::Seconds(1)));
}

std::string ToJudgedJson(const PhoneCall& call) {
  const auto since_creation = [&](const std::optional<absl::Time>& time) {
    return time ? fmt::to_string(absl::ToInt64Milliseconds(*time - call.created))
                : std::string("null");
  };
  return fmt::format(
      R"({{"sid":"{}","carrier":"{}","direction":"{}","to":"{}","from":"{}","status":"{}",)"
      R"("placed_at_ms":{},"answered_after_ms":{},"ended_after_ms":{},"billed_seconds":{},)"
      R"("error":"{}","webhook_ms":{:.2f},"said":{},"ear":{}}})",
      call.sid, Name(call.carrier), call.inbound ? "inbound" : "outbound", call.to, call.from,
      Text(call.status), absl::ToUnixMillis(call.created), since_creation(call.answered),
      since_creation(call.ended), call.BilledSeconds(), call.error,
      absl::ToDoubleMilliseconds(call.webhook),
      boost::json::serialize(boost::json::array(call.said.begin(), call.said.end())),
      call.phone == nullptr ? "null" : ToJson(call.phone->Judge()));
}

}  // namespace latchkey::sandbox
