#include "services/media/carriers/twilio_rest.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "lib/base/error.h"
#include "services/media/carriers/twilio_twiml.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

namespace json = boost::json;

constexpr std::string_view kGeoPermissions =
    "https://console.twilio.com/us1/develop/voice/settings/geo-permissions";

// Twilio's own default.
constexpr int kDialRingSeconds = 30;

absl::StatusOr<json::object> ParseObject(std::string_view body) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !value.is_object()) {
    return Error(absl::StatusCode::kUnavailable, reasons::kCarrierUnreachable,
                 "Twilio's answer is not what its API describes.");
  }
  return std::move(value.as_object());
}

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return "";
  return std::string(value->get_string());
}

int64_t CodeOf(std::string_view body) {
  const absl::StatusOr<json::object> object = ParseObject(body);
  if (!object.ok()) return 0;
  const json::value* code = object->if_contains("code");
  return code != nullptr && code->is_int64() ? code->get_int64() : 0;
}

struct Refusal {
  int64_t code;
  std::string_view reason;
  std::string_view advice;
};

// twilio.com/docs/api/errors; the advice is what a tenant can do.
constexpr auto kRefusals = std::to_array<Refusal>({
    {21210, reasons::kCallerNumberRefused,
     "Twilio does not let this account call from the number; verify it, or use one of its own."},
    {21212, reasons::kCallerNumberRefused, "Twilio refuses the number to call from."},
    {21211, reasons::kCalleeUnreachable, "Twilio says that the number to call is not valid."},
    {21214, reasons::kCalleeUnreachable, "Twilio can not reach the number to call."},
    {21216, reasons::kCalleeUnreachable, "Twilio has the number to call on its block list."},
    {21217, reasons::kCalleeUnreachable, "Twilio says that the number to call is not plausible."},
    {21219, reasons::kTrialRestriction,
     "The Twilio account is a trial: it may only call verified numbers. Verify it, or upgrade."},
    {573002, reasons::kTrialRestriction, "The Twilio account is a trial: upgrade it."},
    {573005, reasons::kTrialRestriction, "The Twilio account is a trial: upgrade it."},
    {10004, reasons::kCarrierConcurrency,
     "The Twilio account has too many calls at a time; complete its business profile."},
    {10001, reasons::kCarrierSuspended, "The Twilio account is not active; see its console."},
    {20005, reasons::kCarrierSuspended, "The Twilio account is not active; see its console."},
    {20403, reasons::kCarrierSuspended, "The Twilio account is suspended; see its console."},
});

absl::Status Refuse(std::string_view reason, std::string_view message, int64_t code) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, message,
               {{"carrier_code", std::to_string(code)}});
}

absl::Status RefuseCountry(std::string_view to) {
  return Refuse(reasons::kCountryNotEnabled,
                fmt::format("The Twilio account may not call the country of {}. Enable it at {} "
                            "and place the call again.",
                            to.substr(0, std::min<size_t>(to.size(), 5)), kGeoPermissions),
                21215);
}

bool IsYoung(const json::object& call, absl::Time not_before) {
  std::string date = TextOf(call, "date_created");
  if (date.empty()) date = TextOf(call, "start_time");
  absl::Time made;
  std::string error;
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S %z", date, &made, &error)) return date.empty();
  // Whole seconds, of a clock that is not ours.
  return made >= not_before - absl::Seconds(5);
}

}  // namespace

http::Form ComposeTwilioCall(const CallSpec& spec, const TwilioCallbacks& callbacks) {
  const std::string twiml =
      fmt::format("<Response><Connect><Stream url=\"{}\"/></Connect></Response>",
                  EscapeXml(callbacks.stream_url));
  // The last line of defence: Twilio ends the call if we have not.
  const absl::Duration limit = spec.agent.call_duration_max + absl::Seconds(60);
  http::Form form = {{"To", spec.to},
                     {"From", spec.from},
                     {"Twiml", twiml},
                     {"StatusCallback", callbacks.status_url},
                     {"Timeout", std::to_string(absl::ToInt64Seconds(spec.ring_duration_max))},
                     {"TimeLimit", std::to_string(absl::ToInt64Seconds(limit))}};
  for (const std::string_view event : {"initiated", "ringing", "answered", "completed"}) {
    form.Add("StatusCallbackEvent", event);
  }
  return form;
}

http::Form ComposeTwilioSay(std::string_view text) {
  return {{"Twiml", fmt::format("<Response><Say>{}</Say><Hangup/></Response>", EscapeXml(text))}};
}

http::Form ComposeTwilioDial(const TransferOrder& order, std::string_view dialed_url) {
  return {{"Twiml", fmt::format("<Response><Dial action=\"{}\" callerId=\"{}\" timeout=\"{}\" "
                                "timeLimit=\"{}\"><Number>{}</Number></Dial></Response>",
                                EscapeXml(dialed_url), EscapeXml(order.from), kDialRingSeconds,
                                absl::ToInt64Seconds(order.duration_max), EscapeXml(order.to))}};
}

absl::StatusOr<std::string> ParseTwilioSid(std::string_view body) {
  absl::StatusOr<json::object> call = ParseObject(body);
  if (!call.ok()) return call.status();
  std::string sid = TextOf(*call, "sid");
  if (sid.empty()) {
    return Error(absl::StatusCode::kUnavailable, reasons::kCarrierUnreachable,
                 "Twilio's answer does not name the call.");
  }
  return sid;
}

absl::StatusOr<CarrierCall> ParseTwilioCall(std::string_view body) {
  absl::StatusOr<json::object> call = ParseObject(body);
  if (!call.ok()) return call.status();
  absl::StatusOr<CarrierCall::State> state = ParseTwilioState(TextOf(*call, "status"));
  if (!state.ok()) return state.status();
  CarrierCall parsed{.state = *state};
  const std::string duration = TextOf(*call, "duration");
  if (!duration.empty()) parsed.duration = absl::Seconds(std::atoll(duration.c_str()));
  return parsed;
}

absl::StatusOr<std::string> FindTwilioCall(std::string_view body, absl::Time not_before) {
  absl::StatusOr<json::object> list = ParseObject(body);
  if (!list.ok()) return list.status();
  const json::value* calls = list->if_contains("calls");
  if (calls == nullptr || !calls->is_array()) return "";
  for (const json::value& call : calls->get_array()) {
    if (call.is_object() && IsYoung(call.get_object(), not_before)) {
      return TextOf(call.get_object(), "sid");
    }
  }
  return "";
}

absl::StatusOr<CarrierCall::State> ParseTwilioState(std::string_view text) {
  using State = CarrierCall::State;
  if (text == "queued" || text == "initiated") return State::kQueued;
  if (text == "ringing") return State::kRinging;
  if (text == "in-progress") return State::kInProgress;
  if (text == "completed") return State::kCompleted;
  if (text == "busy") return State::kBusy;
  if (text == "failed") return State::kFailed;
  if (text == "no-answer") return State::kNoAnswer;
  if (text == "canceled") return State::kCanceled;
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest,
               "This is no status of a Twilio call.");
}

absl::StatusOr<TransferResult> ParseTwilioDialed(const http::Form& form) {
  const std::string_view text = form.Get("DialCallStatus");
  if (text == "completed" || text == "answered") return TransferResult::kConnected;
  if (text == "canceled") return TransferResult::kHungUp;
  const bool failed = text == "busy" || text == "no-answer" || text == "failed";
  // The call itself is over, so it was not the other side that would not talk.
  if (failed && form.Get("CallStatus") == "completed") return TransferResult::kHungUp;
  if (text == "busy") return TransferResult::kBusy;
  if (text == "no-answer") return TransferResult::kNoAnswer;
  if (failed) return TransferResult::kFailed;
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest,
               "This does not say what became of a transfer.");
}

absl::Status ClassifyTwilioRefusal(int http_status, std::string_view body, std::string_view to) {
  const int64_t code = CodeOf(body);
  if (code == 21215 || code == 21203) return RefuseCountry(to);
  for (const Refusal& refusal : kRefusals) {
    if (refusal.code == code) return Refuse(refusal.reason, refusal.advice, code);
  }
  if (http_status == 401) {
    return Refuse(reasons::kTwilioRejectedKey,
                  "Twilio rejected the key; create a new auth token and save it.", code);
  }
  if (http_status == 429) {
    return Error(absl::StatusCode::kResourceExhausted, reasons::kTwilioRateLimited,
                 "Twilio says that the account is at its limit; place fewer calls at a time.",
                 {{"carrier_code", std::to_string(code)}});
  }
  if (http_status >= 500) {
    return Error(absl::StatusCode::kUnavailable, reasons::kCarrierUnreachable,
                 "Twilio has a fault; it is not known whether the call was placed.");
  }
  return Refuse(reasons::kCarrierRefused,
                fmt::format("Twilio refused the call with code {}; see "
                            "https://www.twilio.com/docs/api/errors/{}.",
                            code, code),
                code);
}

bool IsTwilioCallOver(int http_status, std::string_view body) {
  return http_status == 400 && CodeOf(body) == 21220;
}

int64_t TwilioErrorCode(std::string_view body) { return CodeOf(body); }

}  // namespace latchkey::media
