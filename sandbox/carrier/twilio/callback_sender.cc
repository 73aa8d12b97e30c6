#include "sandbox/carrier/twilio/callback_sender.h"

#include "lib/base/log.h"
#include "sandbox/carrier/twilio/callback_rules.h"
#include "sandbox/carrier/twilio/request_signature.h"

namespace latchkey::sandbox::twilio {
namespace {

std::string_view EventName(CallStatus status) {
  switch (status) {
    case CallStatus::kInitiated:
      return "initiated";
    case CallStatus::kRinging:
      return "ringing";
    case CallStatus::kInProgress:
      return "answered";
    default:
      return "completed";
  }
}

http::Limits LimitsOf(const CallbackRules& rules) {
  http::Limits limits;
  limits.connect = rules.connect;
  limits.first_byte = rules.read;
  limits.total = rules.total;
  return limits;
}

}  // namespace

CallbackSender::CallbackSender(const CallSurroundings& surroundings, http::Client& client,
                               Group& group)
    : surroundings_(surroundings), client_(client), group_(group) {}

void CallbackSender::Tell(Call& call) {
  const std::string event(EventName(call.status));
  const std::string& url = call.order.status_callback;
  if (url.empty() || !call.order.status_events.contains(event)) return;
  const http::Form form = CallbackForm(call, surroundings_.clock.Now());
  ++call.sequence;
  const std::shared_ptr<const Scenario> scenario = surroundings_.stage.scenario();
  const TwilioQuirks& quirks = scenario->quirks.twilio;
  const std::string signature = RequestSignature(scenario->twilio.auth_token, url, form);
  for (int copy = 0; copy < quirks.callback_copies; ++copy) {
    group_.Spawn("status callback",
                 Deliver(url, form.Encode(), signature, quirks.CallbackDelay(event)));
  }
}

Task<void> CallbackSender::Deliver(std::string url, std::string body, std::string signature,
                                   absl::Duration delay) {
  const CallbackRules rules = CallbackRules::Parse(url);
  absl::StatusOr<http::Url> parsed = http::Url::Parse(url.substr(0, url.find('#')));
  if (!parsed.ok()) co_return;
  if (delay > absl::ZeroDuration()) co_await surroundings_.clock.Sleep(delay);
  http::Request request("POST", *parsed);
  request.headers = {{"content-type", "application/x-www-form-urlencoded"},
                     {"x-twilio-signature", signature},
                     {"i-twilio-idempotency-token", MakeSid("", surroundings_.random)},
                     {"user-agent", "TwilioProxy/1.1"}};
  request.body = std::move(body);
  const http::Limits limits = LimitsOf(rules);
  for (int tries = 0; tries <= rules.retries; ++tries) {
    absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
    const int status = response.ok() ? response->status : 0;
    const bool late = absl::IsDeadlineExceeded(response.status());
    if (absl::IsCancelled(response.status())) co_return;
    if (!response.ok() || status >= 400) {
      log::Warn("status callback not delivered",
                {{"http_status", status}, {"error", response.status()}});
    }
    if (!rules.Repeats(status, late)) co_return;
  }
}

}  // namespace latchkey::sandbox::twilio
