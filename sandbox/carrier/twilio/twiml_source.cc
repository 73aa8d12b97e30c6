#include "sandbox/carrier/twilio/twiml_source.h"

#include <utility>

#include "lib/base/error.h"
#include "sandbox/carrier/twilio/request_signature.h"

namespace latchkey::sandbox::twilio {

TwimlSource::TwimlSource(const CallSurroundings& surroundings, http::Client& client, Call& call)
    : surroundings_(surroundings), client_(client), call_(call) {}

Task<absl::StatusOr<Document>> TwimlSource::First() {
  const CallOrder& order = call_.order;
  if (order.url.empty()) co_return ParseTwiml(order.twiml);
  // A webhook that comes twice is no second call.
  const int copies = surroundings_.stage.scenario()->quirks.twilio.webhook_copies;
  for (int copy = 1; copy < copies; ++copy) {
    absl::StatusOr<Document> ignored = co_await Fetch(order.url, order.url_method);
    static_cast<void>(ignored);
  }
  const absl::Time asked = surroundings_.clock.Now();
  absl::StatusOr<Document> document = co_await Fetch(order.url, order.url_method);
  call_.webhook = surroundings_.clock.Now() - asked;
  if (document.ok() || order.fallback_url.empty()) co_return document;
  co_return co_await Fetch(order.fallback_url, "POST");
}

Task<absl::StatusOr<Document>> TwimlSource::Next() {
  if (call_.new_twiml) {
    const std::string twiml = *std::exchange(call_.new_twiml, std::nullopt);
    co_return ParseTwiml(twiml);
  }
  std::string url = *std::exchange(call_.new_url, std::nullopt);
  co_return co_await Fetch(std::move(url), "POST");
}

Task<absl::StatusOr<Document>> TwimlSource::AfterDial(DialEnd end) {
  http::Form form;
  const http::Form of_call = CallbackForm(call_, surroundings_.clock.Now());
  for (const auto& [name, value] : of_call) {
    form.Add(name, name == "CallStatus" && end.hung_up ? Text(CallStatus::kCompleted) : value);
  }
  form.Add("DialCallSid", end.sid);
  form.Add("DialCallStatus", Text(end.status));
  std::string action = std::move(end.action);
  co_return co_await Fetch(std::move(action), "POST", std::move(form));
}

http::Request TwimlSource::Ask(const http::Url& parsed, const std::string& url,
                               const std::string& method, const http::Form& form) const {
  const std::string& token = surroundings_.stage.scenario()->twilio.auth_token;
  if (method == "GET") {
    const char* const joint = url.find('?') == std::string::npos ? "?" : "&";
    const std::string whole = url + joint + form.Encode();
    http::Request request("GET", *http::Url::Parse(whole));
    request.headers = {{"x-twilio-signature", RequestSignature(token, whole)},
                       {"user-agent", "TwilioProxy/1.1"}};
    return request;
  }
  http::Request request("POST", parsed);
  request.headers = {{"content-type", "application/x-www-form-urlencoded"},
                     {"x-twilio-signature", RequestSignature(token, url, form)},
                     {"user-agent", "TwilioProxy/1.1"}};
  request.body = form.Encode();
  return request;
}

Task<absl::StatusOr<Document>> TwimlSource::Fetch(std::string url, std::string method) {
  http::Form form = CallbackForm(call_, surroundings_.clock.Now());
  co_return co_await Fetch(std::move(url), std::move(method), std::move(form));
}

Task<absl::StatusOr<Document>> TwimlSource::Fetch(std::string url, std::string method,
                                                  http::Form form) {
  absl::StatusOr<http::Url> parsed = http::Url::Parse(url);
  if (!parsed.ok()) co_return parsed.status();
  const http::Request request = Ask(*parsed, url, method, form);
  http::Limits limits;
  limits.total = absl::Seconds(15);
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return response.status();
  if (response->status != 200) {
    co_return Error(absl::StatusCode::kUnavailable, "twiml_11200", "The TwiML URL gave no 200.");
  }
  co_return ParseTwiml(response->body);
}

}  // namespace latchkey::sandbox::twilio
