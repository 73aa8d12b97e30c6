#include "sandbox/carrier/twilio/call.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace latchkey::sandbox::twilio {
namespace {

namespace json = boost::json;

json::value TimeOrNull(const std::optional<absl::Time>& time) {
  if (!time) return nullptr;
  return json::value(Rfc2822(*time));
}

int64_t BilledMinutes(const Call& call) { return (call.BilledSeconds() + 59) / 60; }

// Outbound to the United States, 1.4 cents a minute begun. Told as Twilio tells it: negative.
std::string Price(const Call& call) {
  const int64_t tenths_of_cents = 14 * BilledMinutes(call);
  return fmt::format("-{}.{:05}", tenths_of_cents / 1000, tenths_of_cents % 1000 * 100);
}

}  // namespace

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

Call::Call(std::string sid_, std::string account_sid_, CallOrder order_, absl::Time now)
    : sid(std::move(sid_)),
      account_sid(std::move(account_sid_)),
      order(std::move(order_)),
      created(now) {}

void Call::Become(CallStatus next, absl::Time now) {
  if (Ended(status)) return;
  status = next;
  if (next == CallStatus::kInitiated) started = now;
  if (next == CallStatus::kInProgress) answered = now;
  if (Ended(next)) ended = now;
}

int64_t Call::BilledSeconds() const {
  if (!answered || !ended) return 0;
  return absl::ToInt64Seconds(absl::Ceil(*ended - *answered, absl::Seconds(1)));
}

std::string Rfc2822(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", time, absl::UTCTimeZone());
}

std::string ToJson(const Call& call) {
  const bool initiated = call.status == CallStatus::kInitiated;
  const std::string base =
      fmt::format("/2010-04-01/Accounts/{}/Calls/{}", call.account_sid, call.sid);
  const bool over = call.ended.has_value();
  json::object object = {
      {"sid", call.sid},
      {"account_sid", call.account_sid},
      {"status", initiated ? "queued" : std::string(Text(call.status))},
      {"direction", "outbound-api"},
      {"to", call.order.to},
      {"to_formatted", call.order.to},
      {"from", call.order.from},
      {"from_formatted", call.order.from},
      {"phone_number_sid", nullptr},
      {"parent_call_sid", nullptr},
      {"start_time", TimeOrNull(call.started)},
      {"end_time", TimeOrNull(call.ended)},
      {"duration", over ? json::value(fmt::to_string(call.BilledSeconds())) : json::value(nullptr)},
      {"price", over && call.answered ? json::value(Price(call)) : json::value(nullptr)},
      {"price_unit", "USD"},
      {"answered_by", nullptr},
      {"forwarded_from", nullptr},
      {"caller_name", nullptr},
      {"group_sid", nullptr},
      {"trunk_sid", nullptr},
      {"queue_time", "0"},
      {"api_version", "2010-04-01"},
      {"date_created", Rfc2822(call.created)},
      {"date_updated", Rfc2822(call.ended.value_or(call.answered.value_or(call.created)))},
      {"uri", base + ".json"},
      {"subresource_uris",
       {{"recordings", base + "/Recordings.json"}, {"streams", base + "/Streams.json"}}}};
  return json::serialize(object);
}

http::Form CallbackForm(const Call& call, absl::Time now) {
  http::Form form = {{"CallSid", call.sid},
                     {"AccountSid", call.account_sid},
                     {"From", call.order.from},
                     {"To", call.order.to},
                     {"Caller", call.order.from},
                     {"Called", call.order.to},
                     {"CallStatus", std::string(Text(call.status))},
                     {"Direction", "outbound-api"},
                     {"ApiVersion", "2010-04-01"},
                     {"ForwardedFrom", ""},
                     {"Timestamp", Rfc2822(now)},
                     {"SequenceNumber", fmt::to_string(call.sequence)},
                     {"CallbackSource", "call-progress-events"}};
  if (!Ended(call.status)) return form;
  form.Add("CallDuration", fmt::to_string(call.BilledSeconds()));
  form.Add("Duration", fmt::to_string(BilledMinutes(call)));
  form.Add("SipResponseCode", fmt::to_string(call.sip_code));
  return form;
}

std::string ToJudgedJson(const Call& call) {
  const auto since_creation = [&](const std::optional<absl::Time>& time) {
    return time ? fmt::to_string(absl::ToInt64Milliseconds(*time - call.created))
                : std::string("null");
  };
  return fmt::format(
      R"({{"sid":"{}","to":"{}","from":"{}","status":"{}","placed_at_ms":{},)"
      R"("answered_after_ms":{},"ended_after_ms":{},"billed_seconds":{},"error":"{}","ear":{}}})",
      call.sid, call.order.to, call.order.from, Text(call.status), absl::ToUnixMillis(call.created),
      since_creation(call.answered), since_creation(call.ended), call.BilledSeconds(), call.error,
      call.phone == nullptr ? "null" : sandbox::ToJson(call.phone->Judge()));
}

}  // namespace latchkey::sandbox::twilio
